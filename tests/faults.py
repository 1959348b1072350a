"""Faults at the one seam that every AWS call passes: botocore's endpoint, below its retries, around moto.

`crash-before` and `crash-after` are the process dying; `net-before` and `net-after` are the network losing
the request or the answer, which botocore retries as in production; `throttle` and `5xx` are AWS saying so.
"""

from __future__ import annotations

import contextlib
import json
import threading

import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.endpoint import convert_to_response_dict
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

_send = botocore.endpoint.Endpoint._do_get_response


class Crash(BaseException):
    """The process dies. Not an Exception: nothing in the code under test may swallow it."""


class Injector:
    def __init__(self):
        self.plan = {}
        self.trace = []
        self.watch = None
        """Called after every transaction, before anyone else's next call: what must hold at every instant."""
        self._lock = threading.RLock()

    def fail(self, call, fault):
        """Let the n-th AWS call from now (1 is the next), or the next call of an operation, fail so."""
        self.plan[len(self.trace) + call if isinstance(call, int) else call] = fault

    def __call__(self, endpoint, request, operation, context):
        with self._lock:  # moto is not linearizable: one call at a time makes it so
            name = f"{operation.service_model.service_name}.{operation.name}"
            self.trace.append(name)
            fault = self.plan.pop(len(self.trace), None) or self.plan.pop(operation.name, None)
            if fault == "crash-before":
                raise Crash(name)
            if fault == "net-before":
                return None, ConnectTimeoutError(endpoint_url=request.url)
            if fault == "throttle":
                return _canned(endpoint, request, operation, 400, "ProvisionedThroughputExceededException")
            if fault == "5xx":
                return _canned(endpoint, request, operation, 500, "InternalServerError")
            answer = _send(endpoint, request, operation, context)
            if operation.name == "TransactWriteItems" and self.watch is not None:
                watch, self.watch = self.watch, None
                watch()
                self.watch = watch
            if fault == "crash-after":
                raise Crash(name)
            if fault == "net-after":
                return None, ReadTimeoutError(endpoint_url=request.url)
            return answer


def _canned(endpoint, request, operation, status, code):
    body = json.dumps({"__type": code, "message": "injected"}).encode()

    class Raw:
        def stream(self, **_):
            yield body

    response = AWSResponse(request.url, status, {"content-type": "application/x-amz-json-1.0"}, Raw())
    parser = endpoint._response_parser_factory.create_parser(operation.service_model.resolved_protocol)
    parsed = parser.parse(convert_to_response_dict(response, operation), operation.output_shape)
    return (response, parsed), None


@contextlib.contextmanager
def installed():
    injector = Injector()

    def through(endpoint, request, operation, context):
        return injector(endpoint, request, operation, context)

    botocore.endpoint.Endpoint._do_get_response = through
    try:
        yield injector
    finally:
        botocore.endpoint.Endpoint._do_get_response = _send
