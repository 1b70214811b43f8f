/** How far tests of rules are that are under way, by the names that their callers gave them. */
export class TrialProgress {
  readonly #under = new Map<string, number>();

  /** Does the work; it can be asked how far it is until it ends. */
  async of<Result>(name: string | undefined, work: (onProgress: (progress: number) => void) => Promise<Result>): Promise<Result> {
    if (name === undefined) return work(() => {});
    this.#under.set(name, 0);
    try {
      return await work((progress) => {
        // a piece may come in after its test was cancelled
        if (this.#under.has(name)) this.#under.set(name, progress);
      });
    } finally {
      this.#under.delete(name);
    }
  }

  /** Without a figure where none of this name is under way. */
  read(name: string): { readonly progress?: number } {
    const progress = this.#under.get(name);
    return progress === undefined ? {} : { progress: Math.min(1, Math.max(0, progress)) };
  }
}
