import { message } from "@doppelwerk/messages";
import { RunError } from "../kernel/run-error.ts";
import { streamOf } from "../random/philox.ts";
import type { ComponentDeclaration, OpenComponent, StationComponents } from "./component.ts";
import type { LineModel, StationModel } from "./line-model.ts";

/** A station's component, ready to be called. */
export interface CompiledComponent {
  readonly declared: ComponentDeclaration;
  readonly opened: OpenComponent;
  readonly stream: number;
  /** Where its places' numbers begin, and what it uses up. */
  readonly stateFrom: number;
  readonly usesFrom: number;
  /** Pool of each resource; −1: the line does not list it, so there is always enough. */
  readonly pools: readonly number[];
  /** Column of each number that parts carry, among those of all components. */
  readonly part: readonly number[];
}

export interface CompiledComponents {
  /** Undefined where no station has one. */
  readonly byStation: readonly (CompiledComponent | undefined)[] | undefined;
  readonly part: readonly string[];
  readonly stateLength: number;
  readonly usesLength: number;
}

/** Opens the components of a line. Errors: RunError where one is not there. */
export function compileComponents(model: LineModel, components: StationComponents | undefined): CompiledComponents {
  let [stateLength, usesLength] = [0, 0];
  const part: string[] = [];
  if (!model.stations.some(({ component }) => component !== undefined)) return { byStation: undefined, part, stateLength, usesLength };
  const attributes = new Map(model.products.map((product) => [product.id, product.attributes ?? {}]));
  const products = model.products.map(({ id }) => ({ id, attributes: attributes.get(id)! }));
  const byStation = model.stations.map((station): CompiledComponent | undefined => {
    if (station.component === undefined) return undefined;
    const { id, parameters = {} } = station.component;
    const declared = declaredOf(station, components);
    for (const name of declared.part) if (!part.includes(name)) part.push(name);
    const compiled = {
      declared,
      opened: components!.open(id, { station: station.id, places: station.places, parameters, products }),
      stream: streamOf(station.id, "component"),
      stateFrom: stateLength,
      usesFrom: usesLength,
      pools: declared.resources.map((resource) => (model.personnel ?? []).findIndex((pool) => pool.id === resource)),
      part: declared.part.map((name) => part.indexOf(name)),
    };
    stateLength += station.places * declared.state.length;
    usesLength += declared.uses.length;
    return compiled;
  });
  return { byStation, part, stateLength, usesLength };
}

function declaredOf({ id: station, component }: StationModel, components: StationComponents | undefined): ComponentDeclaration {
  const declared = components?.declared(component!.id);
  if (declared === undefined) throw new RunError(message("sim.componentMissing", { component: component!.id, station }));
  return declared;
}
