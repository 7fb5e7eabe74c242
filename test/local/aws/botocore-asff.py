"""Reads findings as JSON from stdin, and prints what botocore's model of BatchImportFindings says against each of them."""
import json
import re
import sys

from botocore.session import Session
from botocore.validate import ParamValidator

shape = Session().get_service_model('securityhub').operation_model('BatchImportFindings').input_shape


def faults(shape, value, path):
    """What botocore itself leaves to the service: patterns and enumerations."""
    if shape.type_name == 'structure':
        for name, item in value.items():
            yield from faults(shape.members[name], item, f'{path}.{name}')
    elif shape.type_name == 'list':
        for item in value:
            yield from faults(shape.member, item, path)
    elif shape.type_name == 'map':
        for name, item in value.items():
            yield from faults(shape.key, name, path)
            yield from faults(shape.value, item, f'{path}.{name}')
    elif shape.type_name == 'string':
        pattern = shape.metadata.get('pattern')
        if pattern and not re.search(pattern, value):
            yield f'{path}: not {pattern}'
        if shape.metadata.get('enum') and value not in shape.metadata['enum']:
            yield f'{path}: none of {shape.metadata["enum"]}'


found = []
for finding in json.load(sys.stdin):
    report = ParamValidator().validate({'Findings': [finding]}, shape)
    found.append(report.generate_report() or '; '.join(faults(shape, {'Findings': [finding]}, '')))
print(json.dumps([fault for fault in found if fault]))
