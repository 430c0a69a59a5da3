"""Adds up the test reports of all modules and says what failed, and why: the end of a build's log has it then."""
import glob
import xml.etree.ElementTree as tree

LONGEST = 2000
tests = failures = errors = skipped = 0
failed = []
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

for each in failed:
    print("  failed: " + each.replace("\n", "\n    "))
print(f"Tests: {tests}, passed: {tests - failures - errors - skipped}, "
      f"failed: {failures + errors}, skipped: {skipped}")
