"""For HEALTHCHECK: the image has neither curl nor wget."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen

try:
    with urlopen(f"http://127.0.0.1:{os.environ.get('PORT', '8080')}/health", timeout=2) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except (URLError, TimeoutError) as error:
    sys.exit(str(error))
