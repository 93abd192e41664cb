/** Tests only. */

/** What the files hold and this package does not offer, with the reason. */
export const outside = {
  torch: {
    ASGD: 'an average of the weights belongs to any optimizer: WeightAverage',
    Adafactor: 'factored second moments save memory in very large matrices only',
  },
  keras: {
    Ftrl: 'made for sparse linear models with an L1 penalty',
    Lamb: 'layer-wise rates for batches of many thousands',
  },
  optax: {
    lamb: 'layer-wise rates for batches of many thousands',
    lars: 'layer-wise rates for batches of many thousands',
    adabelief: 'a variant of Adam that none of the other frameworks has',
    yogi: 'a variant of Adam that none of the other frameworks has',
    novograd: 'a variant of Adam that none of the other frameworks has',
    adan: 'a variant of Adam that none of the other frameworks has',
    sm3: 'factored second moments save memory in very large matrices only',
  },
  muon: { Muon: 'orthogonalises matrices in bfloat16: matrix products, which this package has none of' },
};
