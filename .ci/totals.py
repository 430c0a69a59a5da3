"""Adds up the test reports of all modules and names what failed."""
import glob
import xml.etree.ElementTree as tree

tests = failures = errors = skipped = 0
failed = []
for report in sorted(glob.glob("*/*/target/*-reports/TEST-*.xml")):
    suite = tree.parse(report).getroot()
    tests += int(suite.get("tests"))
    failures += int(suite.get("failures"))
    errors += int(suite.get("errors"))
    skipped += int(suite.get("skipped"))
    failed += [f"{case.get('classname')}.{case.get('name')}" for case in suite.iter("testcase")
               if case.find("failure") is not None or case.find("error") is not None]

for name in failed:
    print(f"  failed: {name}")
print(f"Tests: {tests}, passed: {tests - failures - errors - skipped}, "
      f"failed: {failures + errors}, skipped: {skipped}")
