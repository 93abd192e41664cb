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
 * Polynomials are taken two terms at a time (Estrin 1960), which can be worked out side by side: half as many operations wait for
 * one another as in Horner's form. For the same reason eˣ and tanh are there in steps, which a loop can do for two
 * vectors in turn: see `activate.as.ts`.
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

/** x, held to where neither 2ⁿ nor eˣ leaves the normal numbers. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expBounded(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, constant(LARGEST)), constant(SMALLEST)); // the first operand where it is NaN
}

/** n, with 1.5·2²³ added. */
// @ts-ignore: decorator
@inline
export function expRounded(bounded: v128): v128 {
  return f32x4.add(f32x4.mul(bounded, constant(LOG2_E)), constant(ROUND));
}

/** r. */
// @ts-ignore: decorator
@inline
export function expRest(bounded: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, constant(ROUND));
  const r = f32x4.sub(bounded, f32x4.mul(n, constant(LN2_HIGH)));
  return f32x4.sub(r, f32x4.mul(n, constant(LN2_LOW)));
}

/** 2ⁿ·eʳ. */
// @ts-ignore: decorator
@inline
export function expOfRest(r: v128, rounded: v128): v128 {
  const square = f32x4.mul(r, r);
  let y = pair(EXP, r);
  y = f32x4.add(f32x4.mul(y, square), pair(EXP + 8, r));
  y = f32x4.add(f32x4.mul(y, square), pair(EXP + 16, r));
  y = f32x4.add(f32x4.mul(y, square), f32x4.add(r, constant(ONE)));
  return f32x4.mul(y, i32x4.add(i32x4.shl(rounded, 23), constant(BIAS)));
}

/** c₀·x + c₁, with the constants at `address` and behind it: two terms of a polynomial that need not wait for the others. */
// @ts-ignore: decorator
@inline
function pair(address: i32, x: v128): v128 {
  return f32x4.add(f32x4.mul(constant(address), x), constant(address + 4));
}

/** eˣ. Below −87.3 it is about 1.2e-38 rather than denormal, above 88.3 about 2.2e38 rather than ∞; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = expBounded(x);
  const rounded = expRounded(bounded);
  return expOfRest(expRest(bounded, rounded), rounded);
}

/** σ(x). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return sigmoidOfExp(exp(f32x4.neg(x)));
}

/** σ(x), from e⁻ˣ. */
// @ts-ignore: decorator
@inline
export function sigmoidOfExp(e: v128): v128 {
  const one = constant(ONE);
  return f32x4.div(one, f32x4.add(one, e));
}

/** x, held to where the quotient changes. */
// @ts-ignore: decorator
@inline
export function tanhBounded(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, constant(SATURATED)), constant(MINUS_SATURATED));
}

/** x·P(x²), for a bounded x. */
// @ts-ignore: decorator
@inline
export function tanhNumerator(x: v128): v128 {
  const square = f32x4.mul(x, x), fourth = f32x4.mul(square, square);
  let p = pair(P, square);
  p = f32x4.add(f32x4.mul(p, fourth), pair(P + 8, square));
  p = f32x4.add(f32x4.mul(p, fourth), pair(P + 16, square));
  p = f32x4.add(f32x4.mul(p, square), constant(P + 24));
  return f32x4.mul(x, p);
}

/** Q(x²), for a bounded x. */
// @ts-ignore: decorator
@inline
export function tanhDenominator(x: v128): v128 {
  const square = f32x4.mul(x, x);
  return f32x4.add(f32x4.mul(pair(Q, square), f32x4.mul(square, square)), pair(Q + 8, square));
}

/** Their quotient, or x itself near 0. */
// @ts-ignore: decorator
@inline
export function tanhOfQuotient(x: v128, numerator: v128, denominator: v128): v128 {
  // Rounding may lead a little beyond ±1, where the slope 1 − y² would change its sign.
  const y = f32x4.pmax(f32x4.pmin(f32x4.div(numerator, denominator), constant(ONE)), constant(MINUS_ONE));
  // Near 0, where tanh x = x − x³/3 + …, x·P would lose digits among the denormals.
  return v128.bitselect(x, y, f32x4.lt(f32x4.abs(x), constant(SMALL)));
}

/** tanh x. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const bounded = tanhBounded(x);
  return tanhOfQuotient(x, tanhNumerator(bounded), tanhDenominator(bounded));
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
