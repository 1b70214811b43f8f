import type { StationComponent } from "@doppelwerk/kit";

/** A washing range or a stenter, as `package.json` declares it. */
interface RangeParameters {
  /** m/min. */
  readonly speed: number;
  /** m/min by the family of the product; 0: it passes by. */
  readonly speedOf: Readonly<Record<string, number>>;
  readonly kgPerMetre: number;
  /** Between two lots. */
  readonly threadMinutes: number;
  /** Load of a lot that no machine of the line has weighed. */
  readonly usualKg: number;
}

const MINUTE = 60;
/** What passes by still takes the time to be carried past. */
const PASSING = 60;

/** A lot passes at the speed of its goods, metre by metre. */
const range: StationComponent<RangeParameters> = {
  open: ({ parameters: { speed, speedOf, kgPerMetre, threadMinutes, usualKg } }) => ({
    begin({ attributes, part }) {
      const own = speedOf[attributes["Family"] ?? ""] ?? speed;
      if (own === 0) return { seconds: PASSING };
      const metres = (part["loadKg"]! || usualKg) / kgPerMetre;
      return { seconds: (metres / own + threadMinutes) * MINUTE, uses: { length: metres } };
    },
  }),
};
export default range;
