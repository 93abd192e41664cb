// Written by bench/default-traps.mjs. Best validation loss on the dinosaur names, nats per character, mean of the seeds.
export const effectsMeasured = {
  "date": "2026-11-25",
  "machine": "AMD EPYC, 2 cores",
  "seeds": [
    1,
    2,
    3
  ],
  "epochs": 15
};

/** `loss` is null where training diverged. */
export const defaultEffects: Record<string, { setting: string; loss: number | null }[]> = {
  "gates": [
    {
      "setting": "sigmoid (Keras 3, PyTorch)",
      "loss": 1.624
    },
    {
      "setting": "hard sigmoid x/5 + ½ (tfjs)",
      "loss": 1.624
    },
    {
      "setting": "trained with sigmoid, run with x/5 + ½ as it is",
      "loss": 1.628
    },
    {
      "setting": "trained with sigmoid, run with x/6 + ½ as it is",
      "loss": 1.631
    }
  ],
  "forgetBias": [
    {
      "setting": "1 (Keras)",
      "loss": 1.624
    },
    {
      "setting": "0 (tfjs)",
      "loss": 1.623
    }
  ],
  "initialWeights": [
    {
      "setting": "Glorot uniform, orthogonal (Keras)",
      "loss": 1.624
    },
    {
      "setting": "Glorot normal, orthogonal (tfjs)",
      "loss": 1.628
    },
    {
      "setting": "U(±1/√H), biases too (PyTorch)",
      "loss": 1.625
    }
  ],
  "twoBiases": [
    {
      "setting": "one (Keras, tfjs)",
      "loss": 1.624
    },
    {
      "setting": "two (PyTorch)",
      "loss": 1.616
    }
  ],
  "resetGate": [
    {
      "setting": "after the product (Keras, PyTorch)",
      "loss": 1.63
    },
    {
      "setting": "before the product (tfjs)",
      "loss": 1.629
    },
    {
      "setting": "trained after, run before as it is",
      "loss": 1.84
    }
  ],
  "adamEpsilon": [
    {
      "setting": "1e-8 (PyTorch)",
      "loss": 1.624
    },
    {
      "setting": "1e-7 (tfjs)",
      "loss": 1.624
    },
    {
      "setting": "1e-7 as ε̂ (Keras)",
      "loss": 1.626
    }
  ],
  "rmsprop": [
    {
      "setting": "PyTorch: rate 0.01, ρ 0.99, ε outside",
      "loss": 1.62
    },
    {
      "setting": "Keras: rate 0.001, ρ 0.9, ε inside",
      "loss": 2.097
    },
    {
      "setting": "tfjs: no default rate, here 0.01; ρ 0.9, ε inside",
      "loss": 1.63
    }
  ],
  "adadelta": [
    {
      "setting": "PyTorch: rate 1, ρ 0.9, ε 1e-6",
      "loss": 1.92
    },
    {
      "setting": "Keras: rate 0.001, ρ 0.95, ε 1e-7",
      "loss": 3.296
    },
    {
      "setting": "tfjs: rate 0.001, ρ 0.95, ε 1e-7",
      "loss": 3.255
    },
    {
      "setting": "Keras at rate 1",
      "loss": 2.02
    },
    {
      "setting": "tfjs at rate 1",
      "loss": 1.842
    }
  ]
};
