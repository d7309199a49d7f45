"""Kubernetes puts variables of its own beside ours where a Service is called resign; only these are let pass."""

import pytest

SERVICE = {
    "RESIGN_SERVICE_HOST": "10.0.0.11",
    "RESIGN_SERVICE_PORT": "8000",
    "RESIGN_SERVICE_PORT_HTTP": "8000",
    "RESIGN_SERVICE_PORT_HTTP_METRICS": "9000",
    "RESIGN_PORT": "tcp://10.0.0.11:8000",
    "RESIGN_PORT_8000_TCP": "tcp://10.0.0.11:8000",
    "RESIGN_PORT_8000_TCP_PROTO": "tcp",
    "RESIGN_PORT_8000_TCP_PORT": "8000",
    "RESIGN_PORT_8000_TCP_ADDR": "10.0.0.11",
}


@pytest.mark.parametrize("service", ["RESIGN", "RESIGN_WEB", "RESIGN_WEB_2"])
@pytest.mark.parametrize("address", ["10.0.0.11", "fd00::b"])
def test_a_service_named_resign_stops_no_start(faults, service, address):
    in_url = f"[{address}]" if ":" in address else address
    given = {
        name.replace("RESIGN", service, 1): value.replace(
            "10.0.0.11", in_url if value.startswith("tcp:") else address
        )
        for name, value in SERVICE.items()
    }
    assert faults(**given) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RESIGN_PORT", "8000"),
        ("RESIGN_PORT", "https://optout.example.com"),
        ("RESIGN_PORT", "tcp://10.0.0.11:8000\n"),
        ("RESIGN_HOST", "10.0.0.11"),
        ("RESIGN_SERVICE", "10.0.0.11"),
        ("RESIGN_SERVICE_HOST", "optout.example.com"),
        ("RESIGN_SERVICE_HOST", ""),
        ("RESIGN_SERVICE_PORT", "http"),
        ("RESIGN_SERVICE_NAME", "resign"),
        ("RESIGN_PORT_8000_TCP_KEY", "8000"),
        ("RESIGN_PORT_HTTP_TCP", "tcp://10.0.0.11:8000"),
        ("RESIGN_SYNERISE_API_KEY_PORT", "8000"),
        ("RESIGNATION_SERVICE_HOST_", "10.0.0.11"),
    ],
)
def test_what_only_looks_like_it_is_a_fault_as_ever(faults, name, value):
    found = faults(**{name: value})
    assert [fault.partition(":")[0] for fault in found] == ([name] if name.startswith("RESIGN_") else [])


def test_a_setting_of_ours_is_never_taken_for_theirs(faults):
    [fault] = faults(RESIGN_BIND="tcp://10.0.0.11:8000")
    assert fault.startswith("RESIGN_BIND: ")
