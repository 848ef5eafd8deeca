"""statsmodels: least squares on rows, with robust standard errors."""
import numpy as np
import pyarrow.parquet as pq
import statsmodels.api as sm


def fit(table, y, x, **covariance):
    treated = np.asarray(table["variant"].cast("string")) == "amazon_pay"
    design = np.column_stack([np.ones(len(treated)), treated, np.asarray(table[x], float)])
    found = sm.OLS(np.asarray(table[y], float), design).fit(**covariance)
    lower, upper = found.conf_int()[1]
    return {"difference": found.params[1], "std_error": found.bse[1], "lower": lower, "upper": upper, "p": found.pvalues[1]}


def units(data):
    """The two adjusted metrics only, HC1."""
    table = pq.read_table(f"{data}/units.parquet", columns=["variant", "revenue", "pre_revenue", "orders", "pre_orders"])
    return {"metrics": {y: fit(table, y, x, cov_type="HC1") for y, x in (("revenue", "pre_revenue"), ("orders", "pre_orders"))}}


def merchants(data):
    """CR1: what statsmodels has for clusters."""
    table = pq.read_table(f"{data}/merchants.parquet", columns=["variant", "merchant_id", "revenue", "pre_revenue"])
    groups = table["merchant_id"].to_numpy()
    return {"metrics": {"revenue": fit(table, "revenue", "pre_revenue", cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)}}


JOBS = {"J1": units, "J3": merchants}
