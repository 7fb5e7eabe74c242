"""The AWS CLI, many commands in one process: a JSON list of words a line in, {"status", "stdout", "stderr"} a line out."""
import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

driver = create_clidriver()
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = driver.main(json.loads(line))
        except SystemExit as ended:
            status = ended.code
    answer = {"status": status, "stdout": out.getvalue(), "stderr": err.getvalue()}
    print(json.dumps(answer), flush=True)
