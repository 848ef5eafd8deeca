#!/usr/bin/env python3
"""Made-up data for the benchmark: the same rows for the same seed and scale.

units      units.parquet: 10.5 million shoppers, randomised by shopper
log        exposures.parquet and events/*.parquet: 2 million shoppers, 20 million events
merchants  merchants.parquet: 10 million sessions at 5,000 merchants, randomised by merchant
splits     splits.parquet: 200,000 shoppers, for random re-splits
"""
import argparse
import math
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 1_000_000
DAY = 86_400_000_000  # microseconds
START = 1_772_409_600_000_000  # 2026-03-02, the first day of exposures
EXPOSED, BEFORE, LOGGED = 14, 14, 42  # days: exposures, events before the first of them, events in all
VARIANTS = ["control", "amazon_pay"]
COUNTRIES = {"US": 38, "DE": 14, "GB": 12, "JP": 9, "FR": 6, "IT": 5, "ES": 4, "CA": 4, "AU": 3, "AT": 2, "NL": 2, "SE": 1}
DEVICES = {"mobile": 58, "desktop": 36, "tablet": 6}
EVENTS = {"checkout_start": 360, "ap_click": 100, "ap_login": 80, "auth_attempt": 165, "auth_approved": 148,
          "order": 120, "refund": 25.5, "chargeback": 1.5}
KINDS = list(EVENTS)
MERCHANTS = 5_000
SIZES = {"units": 10_500_000, "log": 2_000_000, "merchants": 10_000_000, "splits": 200_000}
LOG_EVENTS = 20_000_000


def keys(numbers):
    """One key, "s" and 12 hexadecimal digits, for each number below 2^48: an odd multiplier and xor-shifts lose nothing."""
    mask = np.uint64((1 << 48) - 1)
    x = (numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4B) + np.uint64(0x51ED270B)) & mask
    x ^= x >> np.uint64(24)
    x = x * np.uint64(0xD6E8FEB86659) & mask
    x ^= x >> np.uint64(24)
    text = np.empty((len(x), 13), np.uint8)
    text[:, 0] = ord("s")
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    for place in range(12):
        text[:, 12 - place] = digits[(x >> np.uint64(4 * place) & np.uint64(15)).astype(np.intp)]
    ends = np.arange(len(x) + 1, dtype=np.int32) * 13
    return pa.Array.from_buffers(pa.string(), len(x), [None, pa.py_buffer(ends), pa.py_buffer(text)])


def draw(rng, count, weights):
    """Indexes drawn in proportion to weights."""
    bounds = np.cumsum(np.asarray(weights, float))
    return np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right").clip(0, len(bounds) - 1)


def labels(codes, names):
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(list(names)))


def whole(values):
    return pa.array(values.astype(np.int32))


class Writer:
    """A Parquet file that is there when it is complete."""

    def __init__(self, path):
        self.path, self.partial = path, path.with_suffix(".partial")
        self.file, self.rows = None, 0
        path.parent.mkdir(parents=True, exist_ok=True)

    def add(self, table):
        if self.file is None:
            self.file = pq.ParquetWriter(self.partial, table.schema, compression="snappy")
        self.file.write_table(table, row_group_size=ROW_GROUP)
        self.rows += table.num_rows

    def close(self):
        self.file.close()
        self.partial.rename(self.path)
        print(f"{self.path}: {self.rows:,} rows, {self.path.stat().st_size:,} bytes", flush=True)


def slices(total, size=ROW_GROUP):
    """(number, first, length) of the pieces of a total."""
    return [(k, k * size, min(size, total - k * size)) for k in range(math.ceil(total / size))]


def unit_rows(rng, first, count, market, by_merchant):
    """Shoppers with what they did before and after: counts follow a gamma-Poisson law, so that before predicts after."""
    merchant = draw(rng, count, market["share"])
    arm = market["arm"][merchant] if by_merchant else rng.integers(0, 2, count)
    rate = rng.gamma(.27, 1.5, count) * market["appeal"][merchant]
    basket = rng.lognormal(3.6, .9, count)
    before = rng.poisson(rate)
    orders = rng.poisson(rate * np.where(arm == 1, 1.004, 1.0))

    def spent(number):
        value = number * basket * rng.lognormal(0, .35, count) / np.sqrt(market["appeal"][merchant])
        return np.where(number > 0, np.round(value, 2), 0.0)

    revenue, revenue_before = spent(orders), spent(before)
    declined = rng.binomial(orders + (rng.random(count) < .03), np.where(arm == 1, .095, .10))
    refunded = (rng.random(count) < .06) & (orders > 0)
    return pa.table({
        "shopper_id": keys(np.arange(first, first + count)),
        "variant": labels(arm, VARIANTS),
        "converted": whole(orders > 0),
        "orders": whole(orders),
        "revenue": revenue,
        "auth_attempts": whole(orders + declined),
        "auth_approved": whole(orders),
        "chargebacks": whole((rng.random(count) < .0015) & (orders > 0)),
        "refund_value": np.where(refunded, np.round(revenue * rng.beta(3, 1, count), 2), 0.0),
        "pre_revenue": revenue_before,
        "pre_orders": whole(before),
        "merchant_id": whole(merchant),
        "country": labels(draw(rng, count, list(COUNTRIES.values())), COUNTRIES),
        "device": labels(draw(rng, count, list(DEVICES.values())), DEVICES),
    })


def write_units(path, count, seed, by_merchant=False):
    rng = np.random.default_rng([*seed, 0])
    share = 1 / (np.arange(MERCHANTS) + 10)  # the largest has about 1.6 %
    market = {"share": share, "appeal": rng.lognormal(0, .35, MERCHANTS), "arm": rng.permutation(MERCHANTS) % 2}
    out = Writer(path)
    for number, first, length in slices(count):
        out.add(unit_rows(np.random.default_rng([*seed, 1, number]), first, length, market, by_merchant))
    out.close()


def write_log(folder, count, events, seed, files=1):
    """Exposures of `count` shoppers, and events of these and of as many others. 1 % of exposures come again, 0.05 % in the other arm."""
    rng = np.random.default_rng([*seed, 0])
    arm = rng.integers(0, 2, count)
    exposed = START + np.sort(rng.integers(0, EXPOSED * DAY, count))
    country, device = (draw(rng, count, list(of.values())) for of in (COUNTRIES, DEVICES))
    again, other = rng.integers(0, count, count // 100), rng.choice(count, count // 2000, replace=False)
    who = np.concatenate([np.arange(count), again, other])
    which = np.concatenate([arm, arm[again], 1 - arm[other]])
    late = rng.integers(0, 3 * DAY, len(again) + len(other))
    when = np.concatenate([exposed, exposed[who[count:]] + late]).clip(max=START + EXPOSED * DAY - 1)
    order = np.argsort(when, kind="stable")
    who, which, when = who[order], which[order], when[order]
    out = Writer(folder / "exposures.parquet")
    for _, first, length in slices(len(who)):
        part = slice(first, first + length)
        out.add(pa.table({
            "shopper_id": keys(who[part]), "variant": labels(which[part], VARIANTS),
            "ts": pa.array(when[part]).cast(pa.timestamp("us")),
            "country": labels(country[who[part]], COUNTRIES), "device": labels(device[who[part]], DEVICES),
        }))
    out.close()
    shoppers = {"arm": arm, "exposed": exposed, "basket": rng.lognormal(3.6, .7, 2 * count),
                "activity": np.cumsum(rng.gamma(.6, 1.0, count)), "others": np.cumsum(rng.gamma(.6, 1.0, count))}
    for number, first, length in slices(events, math.ceil(events / files)):
        out = Writer(folder / "events" / f"part-{number:04d}.parquet")
        for _, start, rows in slices(length):
            out.add(event_rows(np.random.default_rng([*seed, 1, first + start]), first + start, rows, events, shoppers))
        out.close()


def event_rows(rng, first, count, total, shoppers):
    """The events numbered from first on, of a log that is in time order but for half an hour. 30 % are of shoppers without exposure."""
    units = len(shoppers["arm"])
    exposed = rng.random(count) < .70
    place = rng.random(count)
    who = np.where(exposed,
                   np.searchsorted(shoppers["activity"], place * shoppers["activity"][-1]).clip(0, units - 1),
                   np.searchsorted(shoppers["others"], place * shoppers["others"][-1]).clip(0, units - 1) + units)
    span = LOGGED * DAY
    position = np.sort((first + rng.random(count) * count) / total)
    when = START - BEFORE * DAY + (position * span).astype(np.int64) + rng.integers(0, 1_800_000_000, count)
    when = when.clip(max=START + (LOGGED - BEFORE) * DAY - 1)
    kind = draw(rng, count, list(EVENTS.values()))
    shopper = who % units
    won = exposed & (shoppers["arm"][shopper] == 1) & (when >= shoppers["exposed"][shopper]) & (kind == 0) & (rng.random(count) < .015)
    kind[won] = KINDS.index("order")
    value = np.round(shoppers["basket"][who] * rng.lognormal(0, .4, count), 2)
    paid = np.isin(kind, [KINDS.index(k) for k in ("order", "refund", "chargeback")])
    return pa.table({
        "shopper_id": keys(who), "ts": pa.array(when).cast(pa.timestamp("us")),
        "event": labels(kind, EVENTS), "value": pa.array(value, mask=~paid),
    })


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=SIZES)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the units and events")
    parser.add_argument("--events", type=int, default=LOG_EVENTS, help="of the log at scale 1")
    parser.add_argument("--files", type=int, default=1, help="of events")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    count = int(SIZES[o.workload] * o.scale)
    seed = [o.seed, list(SIZES).index(o.workload)]
    if o.workload == "log":
        write_log(o.out, count, int(o.events * o.scale), seed, o.files)
    else:
        write_units(o.out / f"{o.workload}.parquet", count, seed, by_merchant=o.workload == "merchants")


if __name__ == "__main__":
    main()
