/**
 * eˣ, σ(x) and tanh x of four numbers at once, in float32. Largest errors against float64, over all floats:
 * see `wasm-backend.test.ts`, which measures them.
 *
 *   eˣ = 2ⁿ·eʳ,  n = round(x / ln 2),  r = x − n·ln 2 in [−½ ln 2, ½ ln 2]       (Cody & Waite 1980)
 *   σ(x) = 1 / (1 + e⁻ˣ)
 *   tanh x = x·P(x²) / Q(x²)  for |x| ≤ 9, where the quotient is ±1, as it is beyond;  x itself near 0
 *
 * ln 2 is subtracted in two parts, the first of which has few enough bits that n times it is exact. The coefficients are
 * minimax fits: of eʳ from Moshier's Cephes library (expf), of P and Q from Eigen (its tanh for packets of floats).
 *
 * Adding 1.5·2²³ to a small number rounds it to an integer, which then is the low end of the sum's bits: shifted into the
 * exponent field, that is 2ⁿ.
 */

/**
 * Where the constants lie: in the first page of memory, which holds no tensor. As operands in the code they would be
 * put together from immediate numbers at every use; loaded, each costs one instruction. Every instance of every module
 * writes the same ones when it starts.
 */
const CONSTANTS: i32 = 49152;
const LOG2_E = CONSTANTS, ROUND = CONSTANTS + 4, LN2_HIGH = CONSTANTS + 8, LN2_LOW = CONSTANTS + 12;
const LARGEST = CONSTANTS + 16, SMALLEST = CONSTANTS + 20, BIAS = CONSTANTS + 24, ONE = CONSTANTS + 28;
const EXP = CONSTANTS + 32, P = CONSTANTS + 64, Q = CONSTANTS + 96;
const SATURATED = CONSTANTS + 112, MINUS_SATURATED = CONSTANTS + 116, SMALL = CONSTANTS + 120, MINUS_ONE = CONSTANTS + 124;

store<f32>(LOG2_E, 1.44269504088896341);
store<f32>(ROUND, 12582912);
store<f32>(LN2_HIGH, 0.693359375);
store<f32>(LN2_LOW, -2.12194440e-4);
store<f32>(LARGEST, 88.3);
store<f32>(SMALLEST, -87.3);
store<i32>(BIAS, 127 << 23);
store<f32>(ONE, 1);
store<f32>(EXP, 1.9875691500e-4);
store<f32>(EXP + 4, 1.3981999507e-3);
store<f32>(EXP + 8, 8.3334519073e-3);
store<f32>(EXP + 12, 4.1665795894e-2);
store<f32>(EXP + 16, 1.6666665459e-1);
store<f32>(EXP + 20, 5.0000001201e-1);
store<f32>(P, -2.76076847742355e-16);
store<f32>(P + 4, 2.00018790482477e-13);
store<f32>(P + 8, -8.60467152213735e-11);
store<f32>(P + 12, 5.12229709037114e-8);
store<f32>(P + 16, 1.48572235717979e-5);
store<f32>(P + 20, 6.37261928875436e-4);
store<f32>(P + 24, 4.89352455891786e-3);
store<f32>(Q, 1.19825839466702e-6);
store<f32>(Q + 4, 1.18534705686654e-4);
store<f32>(Q + 8, 2.26843463243900e-3);
store<f32>(Q + 12, 4.89352518554385e-3);
store<f32>(SATURATED, 9);
store<f32>(MINUS_SATURATED, -9);
store<f32>(SMALL, 4e-4);
store<f32>(MINUS_ONE, -1);

/** The constant at `address`, in all lanes. */
// @ts-ignore: decorator
@inline
export function constant(address: i32): v128 {
  return v128.load32_splat(address);
}

/** eˣ. Below −87.3 it is about 1.2e-38 rather than denormal, above 88.3 about 2.2e38 rather than ∞; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, constant(LARGEST)), constant(SMALLEST)); // the first operand where it is NaN
  const rounded = f32x4.add(f32x4.mul(bounded, constant(LOG2_E)), constant(ROUND));
  const n = f32x4.sub(rounded, constant(ROUND));
  let r = f32x4.sub(bounded, f32x4.mul(n, constant(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, constant(LN2_LOW)));
  let y = constant(EXP);
  y = f32x4.add(f32x4.mul(y, r), constant(EXP + 4));
  y = f32x4.add(f32x4.mul(y, r), constant(EXP + 8));
  y = f32x4.add(f32x4.mul(y, r), constant(EXP + 12));
  y = f32x4.add(f32x4.mul(y, r), constant(EXP + 16));
  y = f32x4.add(f32x4.mul(y, r), constant(EXP + 20));
  y = f32x4.add(f32x4.add(f32x4.mul(y, f32x4.mul(r, r)), r), constant(ONE));
  const power = i32x4.add(i32x4.shl(rounded, 23), constant(BIAS));
  return f32x4.mul(y, power);
}

/** σ(x). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** tanh x. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, constant(SATURATED)), constant(MINUS_SATURATED));
  const square = f32x4.mul(bounded, bounded);
  let p = constant(P);
  p = f32x4.add(f32x4.mul(p, square), constant(P + 4));
  p = f32x4.add(f32x4.mul(p, square), constant(P + 8));
  p = f32x4.add(f32x4.mul(p, square), constant(P + 12));
  p = f32x4.add(f32x4.mul(p, square), constant(P + 16));
  p = f32x4.add(f32x4.mul(p, square), constant(P + 20));
  p = f32x4.add(f32x4.mul(p, square), constant(P + 24));
  let q = constant(Q);
  q = f32x4.add(f32x4.mul(q, square), constant(Q + 4));
  q = f32x4.add(f32x4.mul(q, square), constant(Q + 8));
  q = f32x4.add(f32x4.mul(q, square), constant(Q + 12));
  // Rounding may lead a little beyond ±1, where the slope 1 − y² would change its sign.
  const y = f32x4.pmax(f32x4.pmin(f32x4.div(f32x4.mul(bounded, p), q), constant(ONE)), constant(MINUS_ONE));
  // Near 0, where tanh x = x − x³/3 + …, x·P would lose digits among the denormals.
  return v128.bitselect(x, y, f32x4.lt(f32x4.abs(x), constant(SMALL)));
}

/** σ′ = σ(1 − σ), from σ. */
// @ts-ignore: decorator
@inline
export function sigmoidSlope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(constant(ONE), y));
}

/** tanh′ = 1 − tanh², from tanh. */
// @ts-ignore: decorator
@inline
export function tanhSlope(y: v128): v128 {
  return f32x4.sub(constant(ONE), f32x4.mul(y, y));
}
