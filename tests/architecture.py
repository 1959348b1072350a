"""What the house's rules find in a tree of sources: nothing is imported, everything is read."""

from __future__ import annotations

import ast
import re
import sys

LAYERS = {
    "app": ("handlers",),
    "handlers": ("handlers", "api", "contracts", "domain", "pages"),
    "api": (
        "api", "contracts", "settings", "pages", "gateways.ids", "gateways.signatures",
        "domain.errors", "domain.callers", "domain.receipts", "domain.limits",
    ),
    "domain": ("domain", "models", "gateways", "pages"),
    "models": ("models", "settings", "pages", "gateways.aws", "gateways.clock"),
    "gateways": ("gateways", "settings"),
    "contracts": ("contracts",),
    "emails": ("emails",),
    "settings": (),
    "pages": (),
}  # fmt: skip
"""Which of our rooms each room may look into: imports point inwards."""

ADAPTERS = {"handlers.live": ("gateways",), "handlers.consumers.emails": ("emails", "gateways")}
"""Modules that join two sides, and what they may see beyond their room."""

LIBRARIES = {
    "chalice": ("app", "api", "handlers"),
    "pydantic": ("api", "contracts"),
    "pydantic_core": ("api", "contracts"),
    "pynamodb": ("models",),
    "botocore": ("gateways",),
    "dateutil": ("domain.meetups.recurring",),
    "icalendar": ("contracts.calendars",),
    "jinja2": ("emails",),
    "jwt": ("api",),
    "PIL": ("gateways.pictures",),
    "pygeohash": ("domain.meetups.vicinity",),
    "ulid": ("gateways.ids",),
    "aws_lambda_powertools": ("api", "handlers"),
}
"""The one address of each library; one that is not here has none yet."""

WALL_CLOCK = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
}  # fmt: skip
NAMES_OF_NOTHING = re.compile(r"utils?|helpers?|common|misc", re.IGNORECASE)
LONGEST_MODULE, LONGEST_ROOT, LONGEST_FUNCTION = 300, 60, 40


def violations(root):
    """Every broken rule under this root, each as `file:line what`."""
    sources = [root / "app.py", *sorted((root / "chalicelib").rglob("*.py"))]
    found = []
    for source in [*sources, *sorted((root / "infra").rglob("*.py"))]:
        tree = ast.parse(source.read_text("utf-8"))
        name = ".".join(source.relative_to(root).with_suffix("").parts)
        told = [*_sizes(source, tree), *_names(name, tree)]
        if source in sources:
            room = name.removeprefix("chalicelib.").removesuffix(".__init__")
            told += [*_imports(room, tree, root), *_environment(room, tree), *_clock(room, tree)]
            told += _scans(tree)
        found += [f"{source.relative_to(root)}:{line} {what}" for line, what in told]
    return found


def _within(name, rooms):
    return any(name == room or name.startswith(room + ".") for room in rooms)


def _imports(room, tree, root):
    ours = LAYERS.get(room.partition(".")[0], ()) + ADAPTERS.get(room, ())
    for line, imported in _imported(tree, root):
        library, _, rest = imported.partition(".")
        if library == "chalicelib":
            if rest and not _within(rest, ours):
                yield line, f"{room} may not see {rest}"
        elif library in ("app", "infra", "tests"):
            yield line, f"nothing inside may see {library}"
        elif library in LIBRARIES:
            if not _within(room, LIBRARIES[library]):
                yield line, f"{library} lives in {', '.join(LIBRARIES[library])}, not in {room}"
        elif library not in sys.stdlib_module_names:
            yield line, f"{library} has no address"


def _imported(tree, root):
    """The modules that are imported, at any depth, for typing too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "relative"  # no such library: it is reported
                continue
            for alias in node.names:
                inner = root.joinpath(*node.module.split("."), alias.name)
                is_module = inner.with_suffix(".py").is_file() or inner.is_dir()
                yield node.lineno, f"{node.module}.{alias.name}" if is_module else node.module


def _environment(room, tree):
    for node in ast.walk(tree):
        read = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
        if (read or _takes(node, "os", {"environ", "getenv"})) and room != "settings":
            yield node.lineno, f"only settings reads the environment, not {room}"


def _clock(room, tree):
    for node in ast.walk(tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        read = ".".join(called.split(".")[-2:]) in WALL_CLOCK
        if (read or _takes(node, "time", {"time", "time_ns"})) and room != "gateways.clock":
            yield node.lineno, f"only gateways.clock reads the wall clock, not {room}"


def _takes(node, module, names):
    taken = isinstance(node, ast.ImportFrom) and node.module == module
    return taken and any(alias.name in names for alias in node.names)


def _scans(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "scan":
                yield node.lineno, "a Scan reads the whole table"
            if any(keyword.arg == "filter_condition" for keyword in node.keywords):
                yield node.lineno, "a filter reads what it throws away"


def _sizes(source, tree):
    length = len(source.read_text("utf-8").splitlines())
    longest = LONGEST_ROOT if source.name == "app.py" else LONGEST_MODULE
    if length > longest:
        yield 1, f"{length} lines, of {longest} at most"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1 - _documentation(node)
            if lines > LONGEST_FUNCTION:
                yield node.lineno, f"{node.name} has {lines} lines, of {LONGEST_FUNCTION} at most"


def _documentation(node):
    if ast.get_docstring(node) is None:
        return 0
    return node.body[0].end_lineno - node.body[0].lineno + 1


def _names(module, tree):
    if any(NAMES_OF_NOTHING.fullmatch(part) for part in module.split(".")):
        yield 1, f"{module} is named after nothing"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and re.fullmatch(r"Base\w*Service", node.name):
            yield node.lineno, f"{node.name} is an abstraction of nothing"


TRIGGERS = {
    "on_sqs_message", "on_dynamodb_record", "on_ws_connect", "on_ws_message", "on_ws_disconnect",
    "schedule", "lambda_function", "on_cw_event", "on_sns_message", "on_s3_event", "on_kinesis_record",
}  # fmt: skip


def functions_by_trigger(root):
    """The names of everything that Lambda starts, but for the HTTP function."""
    for source in sorted((root / "chalicelib" / "handlers").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            for decorator in getattr(node, "decorator_list", ()):
                call = decorator.func if isinstance(decorator, ast.Call) else decorator
                if isinstance(call, ast.Attribute) and call.attr in TRIGGERS:
                    yield node.name
