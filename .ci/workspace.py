"""What cargo knows of the workspace, one name a line: `packages`, `features PACKAGE`; or `version PACKAGE`."""

import json
import subprocess
import sys


def packages():
    metadata = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--locked"]
    answer = subprocess.run(metadata, check=True, stdout=subprocess.PIPE).stdout
    return {package["name"]: package for package in json.loads(answer)["packages"]}


def names(question, package=None):
    if question == "packages":
        return sorted(packages())
    if question == "features":
        return sorted(packages()[package]["features"])
    if question == "version":
        return [packages()[package]["version"]]
    sys.exit(__doc__)


if __name__ == "__main__":
    print("\n".join(names(*sys.argv[1:])))
