import { streamOf } from "../random/philox.ts";
import type { FlowModel, FlowPipe, FlowTank } from "./flow-model.ts";
import { type CompiledTime, MICROSECONDS, compileTime } from "./flow-time.ts";

export interface CompiledFluids {
  readonly tanks: readonly {
    readonly id: string;
    readonly component: number;
    readonly capacity: number;
    readonly initial: number;
    readonly tolerance: number;
  }[];
  readonly pipes: readonly {
    readonly id: string;
    readonly component: number;
    readonly from: number;
    readonly to: number;
    readonly rate: number;
    readonly open: CompiledTime | undefined;
    readonly shut: CompiledTime | undefined;
    readonly stream: number;
    readonly controlled: boolean;
  }[];
  /** Marks of levels, and what is done when they are reached: a pipe opened or shut, an arrival of a source called. */
  readonly watches: readonly {
    readonly tank: number;
    readonly level: number;
    readonly falls: boolean;
    readonly act: "open" | "shut" | "call";
    /** Pipe or node. */
    readonly of: number;
  }[];
}

export function compileFluids(model: FlowModel, nodeOf: (source: string) => number): CompiledFluids {
  const tanks = model.components.filter((component): component is FlowTank => component.type === "tank");
  const pipes = model.components.filter((component): component is FlowPipe => component.type === "pipe");
  const tankOf = (id: string | undefined): number => (id === undefined ? -1 : tanks.findIndex((tank) => tank.id === id));
  return {
    tanks: tanks.map((tank, index) => ({
      id: tank.id,
      component: model.components.indexOf(tank),
      capacity: tank.capacityL,
      initial: tank.initialL ?? 0,
      // what flows in two microseconds: nearer to full or empty no event can be set
      tolerance:
        (2 / MICROSECONDS) *
        pipes.reduce((sum, pipe) => (tankOf(pipe.from) === index || tankOf(pipe.to) === index ? sum + pipe.rateLps : sum), 0),
    })),
    pipes: pipes.map((pipe) => ({
      id: pipe.id,
      component: model.components.indexOf(pipe),
      from: tankOf(pipe.from),
      to: tankOf(pipe.to),
      rate: pipe.rateLps,
      open: pipe.open === undefined ? undefined : compileTime(pipe.open),
      shut: pipe.shut === undefined ? undefined : compileTime(pipe.shut),
      stream: streamOf(pipe.id, "pipe"),
      controlled: pipe.control !== undefined,
    })),
    watches: [
      ...pipes.flatMap(({ control }, of): CompiledFluids["watches"] => {
        if (control === undefined) return [];
        const { opensAtL, shutsAtL } = control;
        const tank = tankOf(control.tank);
        return [
          { tank, level: opensAtL, falls: opensAtL < shutsAtL, act: "open", of },
          { tank, level: shutsAtL, falls: opensAtL >= shutsAtL, act: "shut", of },
        ];
      }),
      ...model.components.flatMap((component): CompiledFluids["watches"] => {
        if (component.type !== "source" || component.whenLevel === undefined) return [];
        const { tank, fallsToL, risesToL } = component.whenLevel;
        return [{ tank: tankOf(tank), level: fallsToL ?? risesToL!, falls: fallsToL !== undefined, act: "call", of: nodeOf(component.id) }];
      }),
    ],
  };
}
