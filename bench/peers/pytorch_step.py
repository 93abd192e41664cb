"""One contestant of training-step.mjs: `python pytorch_step.py THREADS HIDDEN` prints characters per second."""

import sys
import time

import torch

threads, hidden = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(1)
V, T, B = 65, 64, 32
lstm = torch.nn.LSTM(V, hidden)
head = torch.nn.Linear(hidden, V)
parameters = [*lstm.parameters(), *head.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.002)
ids = torch.randint(V, (T, B))
targets = torch.randint(V, (T, B))
one_hot = torch.nn.functional.one_hot(ids, V).float()


def step():
    optimizer.zero_grad()
    output, _ = lstm(one_hot)
    loss = torch.nn.functional.cross_entropy(head(output).view(-1, V), targets.view(-1))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 5)
    optimizer.step()


def run(seconds):
    started = time.perf_counter()
    steps = 0
    while time.perf_counter() - started < seconds:
        step()
        steps += 1
    return steps * T * B / (time.perf_counter() - started)


run(1)
print(run(2))
