"""Adds up the test reports of all modules and says what failed, why, and what was logged last: a build's log ends with it."""
import glob
import pathlib
import xml.etree.ElementTree as tree

LONGEST = 2000
LAST_LINES = 30
tests = failures = errors = skipped = 0
failed = []
logs = {}
for report in sorted(glob.glob("*/*/target/*-reports/TEST-*.xml")):
    suite = tree.parse(report).getroot()
    tests += int(suite.get("tests"))
    failures += int(suite.get("failures"))
    errors += int(suite.get("errors"))
    skipped += int(suite.get("skipped"))
    for case in suite.iter("testcase"):
        for problem in case.findall("failure") + case.findall("error"):
            why = (problem.get("message") or problem.text or "").strip()
            failed.append(f"{case.get('classname')}.{case.get('name')}: {why[:LONGEST]}")
            logs[suite.get("name")] = pathlib.Path(report).with_name(f"{suite.get('name')}-output.txt")

for each in failed:
    print("  failed: " + each.replace("\n", "\n    "))
for name, log in logs.items():
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    print(f"  the last that {name} logged:", *(line[:LONGEST] for line in lines[-LAST_LINES:]), sep="\n    ")
print(f"Tests: {tests}, passed: {tests - failures - errors - skipped}, "
      f"failed: {failures + errors}, skipped: {skipped}")
