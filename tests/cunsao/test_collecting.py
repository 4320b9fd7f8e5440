import gc
import threading

import pytest

from cunsao.collecting import put_off

pytestmark = pytest.mark.once


def test_nobody_looks_for_cycles_inside_and_again_afterwards():
    with put_off():
        assert not gc.isenabled()
        with put_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_inside_changes_nothing_of_that():
    with pytest.raises(ValueError, match="inside"), put_off():
        raise ValueError("inside")
    assert gc.isenabled()


def test_the_last_of_several_threads_turns_it_on_again():
    entered, leave = threading.Event(), threading.Event()

    def other():
        with put_off():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    with put_off():
        thread.start()
        entered.wait(10)
    assert not gc.isenabled()
    leave.set()
    thread.join()
    assert gc.isenabled()


def test_who_had_turned_it_off_finds_it_off():
    gc.disable()
    try:
        with put_off():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
