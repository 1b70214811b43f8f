import type { PackFold } from "@doppelwerk/kit";

// #region fold
/** Plain JSON: it is kept when the server stops. */
interface State {
  level: number | null;
  drawn: number;
}

/** What was drawn of a batch so far: litres by which the level of its tank fell. */
const drawn: PackFold<object, State> = {
  open(_batch, emit, state = { level: null, drawn: 0 }) {
    return {
      take({ value, quality }) {
        if (quality !== 0 || !Number.isFinite(value)) return;
        if (state.level !== null && value < state.level) {
          state.drawn += state.level - value;
          emit("drawn", state.drawn);
        }
        state.level = value;
      },
      snapshot: () => state,
    };
  },
};
export default drawn;
// #endregion
