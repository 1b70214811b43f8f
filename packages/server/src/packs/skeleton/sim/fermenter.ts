import type { StationComponent } from "@doppelwerk/kit";

// #region component
interface Parameters {
  /** Days by product; one that is not listed takes `days`. */
  readonly daysOf: Readonly<Record<string, number>>;
  readonly days: number;
  /** Brews after which the tank is cleaned. */
  readonly brewsToCleaning: number;
}

const HOUR = 3_600;

/** A fermentation tank: how long a brew takes follows from what it is, and after some brews the tank is cleaned. */
const fermenter: StationComponent<Parameters> = {
  open({ parameters: { daysOf, days, brewsToCleaning } }) {
    return {
      begin({ product = "", state, random }) {
        const brews = state["brews"]! + 1;
        const isCleaned = brews >= brewsToCleaning;
        const hours = (daysOf[product] ?? days) * 24 * (0.95 + 0.1 * random());
        return {
          steps: [
            { seconds: HOUR, holds: "cellarman" },
            { seconds: hours * HOUR },
            ...(isCleaned ? [{ seconds: 4 * HOUR, holds: "cleaning" }] : []),
          ],
          state: { brews: isCleaned ? 0 : brews },
          uses: { water: isCleaned ? 900 : 100 },
        };
      },
    };
  },
};
export default fermenter;
// #endregion
