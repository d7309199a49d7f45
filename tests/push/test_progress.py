"""How fast, how far, how long yet; and no flood of lines in a log."""

from resign.push.progress import Minutes, Pace, Sparing, said


def test_rate_and_time_left_follow_from_this_run_alone(clock):
    pace = Pace(clock, 10_000, begun_at=4_000)
    clock.advance(seconds=60)
    pace.advance(1_200, 5_000)
    assert said(pace) == "1,200 rows, 20 a second, about 5 min left"
    clock.advance(seconds=60)
    pace.advance(10, 9_900)
    assert said(pace) == "1,210 rows, 10 a second, less than a minute left"


def test_hours_are_hours(clock):
    pace = Pace(clock, 1_000_000)
    clock.advance(minutes=1)
    pace.advance(600, 10_000)
    assert said(pace).endswith("about 1 h 39 min left")


def test_of_a_stream_nobody_knows_the_end(clock):
    pace = Pace(clock, None)
    assert said(pace) == "0 rows, 0 a second"
    clock.advance(seconds=2)
    pace.advance(1_000, 30_000)
    assert said(pace) == "1,000 rows, 500 a second"


def test_a_log_gets_a_line_a_minute(clock):
    lines = []
    minutes = Minutes(Pace(clock, 100_000), lines.append)
    for step in range(1, 181):
        clock.advance(seconds=1)
        minutes.advance(10, step * 100)
    assert lines == [
        "600 rows, 10 a second, about 16 min left",
        "1,200 rows, 10 a second, about 15 min left",
        "1,800 rows, 10 a second, about 14 min left",
    ]


def test_sixteen_threads_that_wait_are_heard_once_a_minute(clock):
    lines = []
    sparing = Sparing(Pace(clock, None), lines.append)
    for _ in range(16):
        sparing.say("away")
    clock.advance(seconds=61)
    sparing.say("still away")
    assert lines == ["away", "still away"]
