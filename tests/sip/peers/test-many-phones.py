#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fifty whole headless phones side by side at the practice exchange, each called once; what they cost is printed."""

import concurrent.futures
import contextlib
import os
import time
import unittest

from deskset import Phone
from exchange import Exchange

N_PHONES = int(os.environ.get("DESKSET_PHONES", "50"))
AT_ONCE = 4


class Fifty(unittest.TestCase):
    def test_each_is_called_once(self):
        users = {str(2000 + i): f"secret{i}" for i in range(N_PHONES)}
        with Exchange(users) as exchange, contextlib.ExitStack() as stack, \
                concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            started = time.monotonic()
            phones = [stack.enter_context(contextlib.closing(Phone(f"n{user}", exchange.account_cfg(user))))
                      for user in users]
            list(pool.map(lambda phone: phone.start(), phones))
            list(pool.map(lambda phone: phone.wait_registered(timeout=60), phones))
            registered_s = time.monotonic() - started

            idle = [phone.cpu_s() for phone in phones]
            time.sleep(2)
            idle_cpu = sum(phone.cpu_s() - before for phone, before in zip(phones, idle)) / 2

            started = time.monotonic()
            for caller, called, number in zip(phones, phones[1:] + phones[:1], list(users)[1:] + list(users)[:1]):
                self.call(caller, called, number)
            calls_s = time.monotonic() - started

            memory = [phone.memory_kb() for phone in phones]
            print(f"{N_PHONES} phones: started and registered in {registered_s:.1f} s; {N_PHONES} calls in {calls_s:.1f} s")
            print(f"each: {sum(m['private'] for m in memory) / N_PHONES / 1024:.1f} MB private, "
                  f"{sum(m['pss'] for m in memory) / N_PHONES / 1024:.1f} MB proportional, "
                  f"{max(m['rss'] for m in memory) / 1024:.1f} MB resident at the most, "
                  f"{max(phone.n_threads() for phone in phones)} threads; "
                  f"all idle phones together: {idle_cpu * 100:.1f} % of one core")
            for phone in phones:
                self.assertTrue(phone.is_running(), phone.name)
                self.assertEqual(phone.accounts()[0]["state"], "registered", phone.name)
            self.assertLess(idle_cpu, 0.5, "idle phones are busy")
            codes = list(pool.map(lambda phone: phone.stop(10), phones))
            self.assertEqual(codes, [0] * N_PHONES)

    def call(self, caller, called, number):
        before = called.seq()
        caller.dial(number)
        called.wait("call:incoming", 20, since=before)
        called.answer()
        caller.wait("call:talking", 20)
        called.wait("call:talking", 20)
        caller.wait("media:flowing", 20)
        called.wait("media:flowing", 20)
        caller.hangup()
        called.wait("call:none", 20)
        caller.wait("call:none", 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
