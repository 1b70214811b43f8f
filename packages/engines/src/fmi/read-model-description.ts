import { error, hasErrors, parseXml, warning, type Finding, type XmlElement } from "@doppelwerk/aas";
import type { ModelDescription } from "@doppelwerk/sim/models";
import { readVariables2 } from "./variables-2.ts";
import { readVariables3 } from "./variables-3.ts";
import { child, isTrue, numberField, withText } from "./xml-fields.ts";
import { message, type Message } from "@doppelwerk/messages";

/**
 * A `modelDescription.xml` of FMI 2.0 or 3.0. Never throws; without a description the findings tell why. `constraint` of a finding is `fmi` where the
 * description breaks the standard, `unsupported` where it asks for what is not run here.
 */
export function readModelDescription(bytes: Uint8Array): {
  readonly description?: ModelDescription;
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const refuse = (path: string, constraint: string, reason: Message) => {
    findings.push(error(path, constraint, reason));
    return { findings };
  };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("", "encoding", message("engines.fmi.notUtf8"));
  }
  const parsed = parseXml(text);
  if ("severity" in parsed) return { findings: [parsed] };
  const root = withText(parsed);
  if (root.name !== "fmiModelDescription") return refuse("", "fmi", message("engines.fmi.rootElement", { name: root.name }));
  const version = root.attributes.fmiVersion ?? "";
  const major = version.startsWith("2.0") ? 2 : /^3\.\d/.test(version) ? 3 : undefined;
  if (major === undefined)
    return refuse("fmiVersion", "unsupported", message("engines.fmi.versionNotRead", { version: JSON.stringify(version) }));
  const model = child(root, "CoSimulation");
  if (model === undefined) {
    const others = ["ModelExchange", "ScheduledExecution"].filter((name) => child(root, name) !== undefined);
    return refuse(
      "CoSimulation",
      "unsupported",
      others.length === 0 ? message("engines.fmi.noCoSimulation") : message("engines.fmi.onlyOther", { interfaces: others.join(", ") }),
    );
  }
  const identifier = model.attributes.modelIdentifier ?? "";
  // It becomes a file name and the prefix of C functions.
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(identifier))
    return refuse(
      "CoSimulation.modelIdentifier",
      "fmi",
      message("engines.fmi.noIdentifier", { identifier: JSON.stringify(identifier.slice(0, 80)) }),
    );
  const token = root.attributes[major === 2 ? "guid" : "instantiationToken"];
  if (token === undefined)
    findings.push(error("", "fmi", message("engines.fmi.attributeMissing", { name: major === 2 ? "guid" : "instantiationToken" })));
  const variables = (major === 2 ? readVariables2 : readVariables3)(root, findings);
  checkUnique(variables, findings);
  if (hasErrors(findings)) return { findings };
  const field = (name: string) => (root.attributes[name] === undefined ? {} : { [fieldNames[name] ?? name]: root.attributes[name] });
  const name = root.attributes.modelName;
  if (!name) findings.push(warning("modelName", "fmi", message("engines.fmi.noModelName")));
  return {
    findings,
    description: {
      standard: major === 2 ? "FMI 2.0" : "FMI 3.0",
      name: name || identifier,
      identifier,
      token: token!,
      ...Object.assign({}, ...Object.keys(fieldNames).map(field)),
      capabilities: {
        variableStep: isTrue(model, "canHandleVariableCommunicationStepSize"),
        stateSaved: isTrue(model, major === 2 ? "canGetAndSetFMUstate" : "canGetAndSetFMUState"),
        stateSerialised: isTrue(model, major === 2 ? "canSerializeFMUstate" : "canSerializeFMUState"),
        eventMode: major === 3 && isTrue(model, "hasEventMode"),
        earlyReturn: major === 3 && isTrue(model, "mightReturnEarlyFromDoStep"),
        needsTool: isTrue(model, "needsExecutionTool"),
        ...numberField("fixedInternalStepS", model.attributes.fixedInternalStepSize),
      },
      experiment: experimentOf(child(root, "DefaultExperiment")),
      variables,
    },
  };
}

const fieldNames: Readonly<Record<string, string>> = {
  description: "description",
  author: "author",
  version: "version",
  copyright: "copyright",
  license: "license",
  generationTool: "generationTool",
  generationDateAndTime: "generationTime",
};

function experimentOf(element: XmlElement | undefined): ModelDescription["experiment"] {
  const { startTime, stopTime, stepSize, tolerance } = element?.attributes ?? {};
  return {
    ...numberField("startS", startTime),
    ...numberField("stopS", stopTime),
    ...numberField("stepS", stepSize),
    ...numberField("tolerance", tolerance),
  };
}

function checkUnique(variables: ModelDescription["variables"], findings: Finding[]): void {
  const names = new Set<string>();
  for (const { name } of variables) {
    if (names.has(name)) findings.push(error(`ModelVariables.${name}`, "fmi", message("engines.fmi.nameTwice")));
    names.add(name);
    if (findings.length > 50) return;
  }
}
