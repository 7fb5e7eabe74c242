"""Prints the limits of ECR's inputs as botocore's model has them: {operation: {member: {min, max, enum, pattern}}}."""
import json
import sys

from botocore.session import Session

model = Session().get_service_model('ecr')
KEYS = ('min', 'max', 'enum', 'pattern')


def limits(shape, found):
    if shape is None:
        return found
    if shape.type_name == 'structure':
        for name, member in shape.members.items():
            metadata = {key: member.metadata[key] for key in KEYS if key in member.metadata}
            if metadata:
                found[name] = metadata
            limits(member, found)
    elif shape.type_name == 'list':
        limits(shape.member, found)
    return found


print(json.dumps({name: limits(model.operation_model(name).input_shape, {}) for name in sys.argv[1:]}))
