/**
 * The course of some numbers over a run of any length in bounded memory: when the list is full, every second point
 * is dropped and from then on only every second one is taken.
 */
export class ThinnedSeries<Point> {
  readonly #limit: number;
  #points: Point[] = [];
  #stride = 1;
  #seen = 0;

  /** @param limit At least 2. */
  constructor(limit = 2000) {
    this.#limit = limit;
  }

  get points(): readonly Point[] {
    return this.#points;
  }

  add(point: Point): void {
    if (this.#seen++ % this.#stride !== 0) return;
    this.#points.push(point);
    if (this.#points.length < this.#limit) return;
    this.#points = this.#points.filter((_, k) => k % 2 === 0);
    this.#stride *= 2;
  }
}
