#!/usr/bin/env python3
"""makedata.py FILE [ROWS]: a batch-results CSV of ROWS (100,000) submitted assignments, ten a HIT, always the same.

An answer is about 1.2 kB of text in three fields. "needle<k>" stands beside "found<k>" (k = 1..5) in one row each, at
10, 30, 50, 70 and 90 %, so that a search is seen to have arrived.
"""
import csv
import random
import sys

WORDS = ("review answer picture worker batch bicycle wall category confidence caption street people colour unclear blurry "
         "duplicate approve reject bonus sentiment neutral positive negative audio receipt total invoice customer").split()
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def identifier(rnd, first, length):
    return first + "".join(rnd.choices(ALPHABET, k=length - 1))


def main(path, rows=100_000):
    rnd = random.Random(7)
    words = lambda n: " ".join(rnd.choices(WORDS, k=n))
    needles = {rows * p // 100: f"needle{k} found{k} " for k, p in enumerate((10, 30, 50, 70, 90), 1)}
    workers = [identifier(rnd, "A", 14) for _ in range(4001)]
    with open(path, "w", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow("HITId HITTypeId Title Reward MaxAssignments AssignmentId WorkerId AssignmentStatus AcceptTime SubmitTime "
                     "Input.id Input.text Answer.label Answer.comment Answer.notes".split())
        for i in range(rows):
            if i % 10 == 0:
                hit, group, text = identifier(rnd, "3", 30), i // 10_000, words(30)
                crew = rnd.sample(workers, 10)  # nobody works twice on one HIT
            took = rnd.randrange(5, 600)
            day, minute = 1 + i * 20 // rows, i * 20 * 1440 // rows % 1440
            stamp = lambda minute, second: f"Wed Nov {day:02} {minute // 60 % 24:02}:{minute % 60:02}:{second:02} PST 2026"
            out.writerow([hit, f"3TYPE{group:025}", f"Bench batch {group}", "$0.05", "10", identifier(rnd, "3", 30), crew[i % 10],
                          "Submitted", stamp(minute, 0), stamp(minute + took // 60, took % 60), i // 10, text,
                          needles.get(i, "") + rnd.choice(("yes", "no", "unsure")), words(60), words(95)])


if __name__ == "__main__":
    main(sys.argv[1], *(int(n) for n in sys.argv[2:3]))
