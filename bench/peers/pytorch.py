"""PyTorch's side of every kind of work. See serve.py."""

import platform

from serve import serve


def prepare(workload, given):
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(workload["threads"])
    given = {name: torch.from_numpy(array) for name, array in given.items()}
    kind = {"train": train, "sample": sample, "product": product}[workload["kind"]]
    versions = {"PyTorch": torch.__version__, "Python": platform.python_version()}
    return {**kind(workload, given, torch, F), "versions": versions}


def model_of(workload, given, torch):
    """Recurrent layers and head. An LSTM and an RNN have one trained bias, as everybody else's here."""
    cell, vocab, hidden = workload["cell"], workload["vocabSize"], workload["hiddenSize"]
    layer = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[cell]
    recurrent = layer(vocab, hidden, num_layers=workload["numLayers"])
    head = torch.nn.Linear(hidden, vocab)
    trained = []
    with torch.no_grad():
        for prefix, module in (("rnn", recurrent), ("head", head)):
            for name, parameter in module.named_parameters():
                value = given.get(f"{prefix}.{name}")
                if value is None:
                    parameter.zero_()
                    parameter.requires_grad_(False)
                else:
                    parameter.copy_(value)
                    trained.append(parameter)
    return recurrent, head, trained


def train(workload, given, torch, F):
    recurrent, head, trained = model_of(workload, given, torch)
    vocab, units = workload["vocabSize"], workload["seqLen"] * workload["batchSize"]
    optimizer = torch.optim.Adam(trained, lr=workload["learningRate"])
    one_hot = F.one_hot(given["ids"].long(), vocab).float()
    targets = given["targets"].long().view(-1)
    losses = []

    def step():
        optimizer.zero_grad()
        output, _ = recurrent(one_hot)
        loss = F.cross_entropy(head(output).view(-1, vocab), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, workload["clipNorm"])
        optimizer.step()
        value = loss.item()
        if len(losses) < workload["checkSteps"]:
            losses.append(value)
        return units

    while len(losses) < workload["checkSteps"]:
        step()
    return {"check": losses, "step": step}


def sample(workload, given, torch, F):
    """With LSTMCell and its like, which take less than half the time of LSTM for one step."""
    recurrent, head, _ = model_of(workload, given, torch)
    vocab, hidden, cell = workload["vocabSize"], workload["hiddenSize"], workload["cell"]
    kind = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell, "rnn": torch.nn.RNNCell}[cell]
    cells = []
    for l in range(workload["numLayers"]):
        cells.append(kind(vocab if l == 0 else hidden, hidden))
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(cells[l], name).data = getattr(recurrent, f"{name}_l{l}").data
    rows = torch.eye(vocab)
    torch.manual_seed(1)

    def read(token, states):
        x, after = rows[token : token + 1], []
        for one, state in zip(cells, states):
            state = one(x, state)
            after.append(state)
            x = state[0] if cell == "lstm" else state
        return head(x), after

    token, states, greedy = 0, [None] * len(cells), []
    with torch.inference_mode():
        while len(greedy) < workload["checkSteps"]:
            logits, states = read(token, states)
            token = int(logits.argmax())
            greedy.append(torch.log_softmax(logits, 1)[0, token].item())

    @torch.inference_mode()
    def step():
        nonlocal token, states
        logits, states = read(token, states)
        token = int(torch.multinomial(torch.softmax(logits, 1), 1))
        return 1

    return {"check": greedy, "step": step}


def product(workload, given, torch, F):
    a = given["a"].T if workload["transposeA"] else given["a"]
    b = given["b"]
    flops = 2 * workload["m"] * workload["k"] * workload["n"]
    out = torch.mm(a, b)

    def step():
        torch.mm(a, b, out=out)
        return flops

    check = [out[0, 0].item(), out[-1, -1].item(), out.double().sum().item()]
    return {"check": check, "step": step}


serve(prepare)
