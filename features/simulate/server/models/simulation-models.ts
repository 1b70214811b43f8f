import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { ModelDescription, ModelVariable } from "@doppelwerk/sim/models";

/** The submodel "Provision of Simulation Models" (IDTA 02005-1-1), and its semantic ids in what others have written. */
export const SIMULATION_MODELS = "https://admin-shell.io/idta/SubmodelTemplate/SimulationModels/1/1";
export const simulationModelsIds: readonly string[] = [
  SIMULATION_MODELS,
  "https://admin-shell.io/idta/SubmodelTemplate/SimulationModels/1/0",
  "https://admin-shell.io/idta/SimulationModels/SimulationModels/1/0",
];

type Collection = SubmodelElement & { readonly modelType: "SubmodelElementCollection"; readonly value?: readonly SubmodelElement[] };

const element = (name: string, version = "1/0") => ({
  idShort: name,
  semanticId: {
    type: "ExternalReference" as const,
    keys: [
      { type: "GlobalReference" as const, value: `https://admin-shell.io/idta/SimulationModels/${name.replace(/_?\d+$/, "")}/${version}` },
    ],
  },
});
const property = (name: string, value: string, valueType: "xs:string" | "xs:float" | "xs:boolean" = "xs:string"): SubmodelElement =>
  ({ modelType: "Property", ...element(name), valueType, value }) as SubmodelElement;
const text = (name: string, value: string): SubmodelElement =>
  ({ modelType: "MultiLanguageProperty", ...element(name), value: [{ language: "en", text: value }] }) as SubmodelElement;
const collection = (name: string, value: readonly SubmodelElement[], version?: string): SubmodelElement =>
  ({ modelType: "SubmodelElementCollection", ...element(name, version), value }) as SubmodelElement;

/** One version of a model file as its submodel tells it. */
export interface AnnouncedVersion {
  readonly model: string;
  readonly description: string;
  readonly version: string;
  readonly fileType: string;
  /** Value of the File element, and where it is. */
  readonly file: string;
  readonly path: string;
  readonly latest: boolean;
}

/** Every version of every model in a submodel, in its order; what does not follow the template is passed over. */
export function announcedVersions(submodel: Submodel): readonly AnnouncedVersion[] {
  return (submodel.submodelElements ?? []).filter(isCollection).flatMap((model) => {
    const file = (model.value ?? []).filter(isCollection).find((each) => named(each, "ModelFile"));
    const versions = (file?.value ?? []).filter(isCollection).filter((each) => named(each, "ModelFileVersion"));
    return versions.flatMap((version, index): AnnouncedVersion[] => {
      const digital = (version.value ?? []).find((each) => each.modelType === "File" && named(each, "DigitalFile"));
      const value = (digital as { readonly value?: string } | undefined)?.value;
      if (value === undefined) return [];
      return [
        {
          model: model.displayName?.[0]?.text ?? model.idShort ?? "",
          description: textOf(model.value ?? [], "Summary"),
          version: textOf(version.value ?? [], "ModelVersionId"),
          fileType: textOf(file!.value ?? [], "ModelFileType"),
          file: value,
          path: `${model.idShort}.${file!.idShort}.${version.idShort}`,
          latest: index === versions.length - 1,
        },
      ];
    });
  });
}

/** The submodel with a version more of a model: of the one of that name, or of a new one. `file` is the path of the FMU as the File element names it. */
export function withVersion(
  submodel: Submodel,
  { description, version, file }: { readonly description: ModelDescription; readonly version: string; readonly file: string },
): Submodel {
  const elements = submodel.submodelElements ?? [];
  const position = elements.findIndex((each) => isCollection(each) && each.displayName?.[0]?.text === description.name);
  const known = position < 0 ? undefined : (elements[position] as Collection);
  const before = known?.value?.filter(isCollection).find((each) => named(each, "ModelFile"));
  const versions = (before?.value ?? []).filter((each) => named(each, "ModelFileVersion"));
  const added = collection(numbered("ModelFileVersion", versions.length), [
    property("ModelVersionId", version),
    { modelType: "File", ...element("DigitalFile"), contentType: "application/x-fmu-sharedlibrary", value: file } as SubmodelElement,
  ]);
  const model = {
    ...collection(
      known?.idShort ?? numbered("SimulationModel", elements.length),
      [
        text("Summary", description.description || description.name),
        collection("Environment", [
          collection("SimulationTool", [
            property("SimToolName", description.generationTool ?? "unknown"),
            collection("SolverAndTolerances", [
              property("StepSizeControlNeeded", "false", "xs:boolean"),
              ...(description.experiment.stepS === undefined
                ? []
                : [property("FixedStepSize", String(description.experiment.stepS), "xs:float")]),
              property("StiffSolverNeeded", "false", "xs:boolean"),
              property("SolverIncluded", "true", "xs:boolean"),
            ]),
          ]),
        ]),
        ...(description.license === undefined ? [] : [property("LicenseModel", description.license)]),
        collection("ModelFile", [property("ModelFileType", `${description.standard}, Co-Simulation`), ...versions, added]),
        ...(description.experiment.stopS === undefined
          ? []
          : [property("DefaultSimTime", String(description.experiment.stopS), "xs:float")]),
        collection("Ports", portsOf(description)),
      ],
      "1/1",
    ),
    displayName: [{ language: "en", text: description.name.slice(0, 128) }],
  } as SubmodelElement;
  return { ...submodel, submodelElements: position < 0 ? [...elements, model] : elements.with(position, model) };
}

export function newSimulationModels(id: string): Submodel {
  return {
    modelType: "Submodel",
    id,
    idShort: "SimulationModels",
    semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: SIMULATION_MODELS }] },
    submodelElements: [],
  };
}

const MAX_PORTS = 500;

/** Inputs, outputs and parameters as three connectors. A model with very many variables announces the first of them; all are in its file. */
function portsOf({ variables }: ModelDescription): readonly SubmodelElement[] {
  const groups = [
    ["Inputs", variables.filter(({ causality }) => causality === "input")],
    ["Outputs", variables.filter(({ causality }) => causality === "output")],
    ["Parameters", variables.filter(({ causality }) => causality === "parameter" || causality === "structuralParameter")],
  ] as const;
  return groups
    .filter(([, members]) => members.length > 0)
    .map(([name, members], index) =>
      collection(numbered("PortsConnector", index), [
        property("PortConnectorName", name),
        ...members.slice(0, MAX_PORTS).map((variable, place) => collection(numbered("Variable", place), variableOf(variable))),
      ]),
    );
}

function variableOf({ name, type, causality, description, unit, min, max }: ModelVariable): readonly SubmodelElement[] {
  return [
    property("VariableName", name),
    property("VariableType", type),
    property("VariableCausality", causality),
    ...(min === undefined && max === undefined ? [] : [property("Range", `[${min ?? "-∞"}, ${max ?? "∞"}]`)]),
    ...(description === undefined ? [] : [text("VariableDescription", description.slice(0, 1000))]),
    ...(unit === undefined ? [] : [property("UnitList", unit)]),
  ];
}

function numbered(name: string, index: number): string {
  return `${name}${String(index).padStart(2, "0")}`;
}

function isCollection(each: SubmodelElement): each is Collection {
  return each.modelType === "SubmodelElementCollection";
}

function named(each: SubmodelElement, name: string): boolean {
  return each.idShort === name || new RegExp(`^${name}\\d+$`).test(each.idShort ?? "");
}

function textOf(elements: readonly SubmodelElement[], name: string): string {
  const found = elements.find((each) => named(each, name)) as { readonly value?: unknown } | undefined;
  if (typeof found?.value === "string") return found.value;
  const first = Array.isArray(found?.value) ? (found.value[0] as { readonly text?: unknown } | undefined) : undefined;
  return typeof first?.text === "string" ? first.text : "";
}
