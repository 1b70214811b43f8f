import type { ComponentDeclaration, StationComponents } from "./component.ts";
import { driveComponent, type StationComponent } from "./drive-component.ts";
import type { LineModel, StationModel } from "./line-model.ts";

/** A component as a test writes it. */
export interface TestComponent extends Partial<Omit<ComponentDeclaration, "id">> {
  // oxlint-disable-next-line no-explicit-any -- parameters are those of each test
  readonly code: StationComponent<any>;
}

/** Components in this realm, as they run in a sandbox. */
export function testComponents(components: Readonly<Record<string, TestComponent>>): StationComponents {
  const declared = (id: string): ComponentDeclaration | undefined => {
    const component = components[id];
    if (component === undefined) return undefined;
    const { code: _code, ...more } = component;
    return { id, pack: "brewery", version: "1.0.0", defaults: {}, state: [], part: [], uses: [], resources: [], draws: 4, ...more };
  };
  return {
    declared,
    open: (id, station) => ({ begin: driveComponent(components[id]!.code, declared(id)!, station) }),
  };
}

/** Stations one behind the other with room for `capacity` parts before each; a program of one lot after another. */
export function lineOf(stations: readonly (Partial<StationModel> & Pick<StationModel, "id">)[], more: Partial<LineModel> = {}): LineModel {
  return {
    format: "doppelwerk-line/1",
    id: "brewhouse",
    products: [
      { id: "pils", attributes: { Family: "light" } },
      { id: "bock", attributes: { Family: "dark" } },
    ],
    program: {
      kind: "orders",
      repeat: true,
      orders: [
        { product: "pils", quantity: 2 },
        { product: "bock", quantity: 1 },
      ],
    },
    stations: stations.map((station, at) => ({
      places: 1,
      cycle: { time: { kind: "constant", value: 60 } },
      ...(at === 0 ? { source: { program: true } } : { buffer: {} }),
      ...(at + 1 < stations.length ? { next: { station: stations[at + 1]!.id } } : {}),
      ...station,
    })),
    ...more,
  };
}
