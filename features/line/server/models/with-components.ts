import type { ComponentOfStation, LineExperiment, LineModels, SimComponents } from "@doppelwerk/ports";
import type { ExperimentModel, PlantExperimentModel } from "@doppelwerk/sim";

interface WithComponents {
  side(model: ExperimentModel): Promise<ExperimentModel>;
  plant(model: PlantExperimentModel): Promise<PlantExperimentModel>;
  experiment(experiment: LineExperiment): Promise<LineExperiment>;
}

/** What a line is simulated with, the code of the components that its stations name included. */
function withComponents(components: () => SimComponents): WithComponents {
  const side = async (model: ExperimentModel): Promise<ExperimentModel> => {
    const named = [model.nominal, ...(model.edited === model.nominal ? [] : [model.edited])].flatMap(({ stations }) =>
      stations.flatMap(({ id, component }): readonly ComponentOfStation[] =>
        component === undefined ? [] : [{ station: id, component: component.id, parameters: component.parameters ?? {} }],
      ),
    );
    return named.length === 0 ? model : { ...model, components: await components().of(named) };
  };
  return {
    side,
    plant: async (model) => ({ ...model, lines: await Promise.all(model.lines.map(side)) }),
    async experiment(experiment) {
      const live = await side(experiment.live);
      return {
        ...experiment,
        live,
        branch: experiment.same ? live : await side(experiment.branch),
        variants: async (values) => Promise.all((await experiment.variants(values)).map(side)),
      };
    },
  };
}

/** Models of lines, each with the code of the components that its stations name. */
export function simulatedWith(models: LineModels, components: () => SimComponents): LineModels {
  const { side, plant, experiment } = withComponents(components);
  return {
    ...models,
    experiment: async (...request) => experiment(await models.experiment(...request)),
    async together(...request) {
      const made = await models.together(...request);
      const live = await plant(made.live);
      return { ...made, live, branch: made.same ? live : await plant(made.branch) };
    },
    async points(...request) {
      const made = await models.points(...request);
      return { ...made, models: await Promise.all(made.models.map(side)) };
    },
    backtestModel: async (...request) => side(await models.backtestModel(...request)),
  };
}
