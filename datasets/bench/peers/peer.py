"""One peer on one job: prints one line of JSON, the seconds without imports and the answer."""
import argparse
import importlib
import json
import time


def plain(x):
    if isinstance(x, dict):
        return {str(k): plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    return x.item() if hasattr(x, "item") else x


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", help="such as duckdb, the module peer_duckdb")
    parser.add_argument("job")
    parser.add_argument("data", help="folder")
    o = parser.parse_args()
    job = importlib.import_module("peer_" + o.peer).JOBS[o.job]
    began = time.perf_counter()
    answer = job(o.data)
    print(json.dumps({"compute": time.perf_counter() - began, "answer": plain(answer)}))


if __name__ == "__main__":
    main()
