"""Prints the shapes of Step Functions' operations as botocore's model has them: {operation: [input, output]}."""
import json
import sys

from botocore.session import Session

model = Session().get_service_model('stepfunctions')


def members(shape):
    if shape is None:
        return {'required': [], 'members': {}}
    if shape.type_name == 'structure':
        return {'required': shape.required_members, 'members': {name: members(one) for name, one in shape.members.items()}}
    if shape.type_name == 'list':
        return {'list': members(shape.member)}
    return shape.type_name


def both(name):
    operation = model.operation_model(name)
    return [members(operation.input_shape), members(operation.output_shape)]


print(json.dumps({name: both(name) for name in sys.argv[1:]}))
