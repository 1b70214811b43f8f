import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFile } from "../import/read-file.ts";
import type { Submodel, SubmodelElement } from "../metamodel.ts";
import { validate } from "../validation/validate.ts";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { checkTemplate, formOf, instantiateTemplate, rulesOf, withElementAdded, withElementRemoved, withElementReplaced } from "./index.ts";
import { cardinalityOf, rangeOf } from "./template-rules.ts";

const smt = (type: string, value: string) => ({ type: `SMT/${type}`, kind: "TemplateQualifier", valueType: "xs:string", value });
const meaning = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
const property = (idShort: string, ...qualifiers: object[]): SubmodelElement =>
  ({ modelType: "Property", idShort, valueType: "xs:string", semanticId: meaning(`urn:m:${idShort}`), qualifiers }) as never;
const template = (...submodelElements: object[]): Submodel =>
  ({ modelType: "Submodel", id: "urn:t", idShort: "T", kind: "Template", semanticId: meaning("urn:T"), submodelElements }) as never;
const constraints = (instance: Submodel, of: Submodel): readonly string[] =>
  checkTemplate(instance, of).map(({ severity, constraint, path }) => `${severity} ${constraint} ${path}`);

test("[A70] cardinalities and ranges are read in all their spellings, and what is none of them demands nothing", () => {
  expect(cardinalityOf("ZeroToOne")).toEqual({ least: 0, most: 1 });
  expect(cardinalityOf("ZerotoMany")).toEqual({ least: 0, most: undefined });
  expect(cardinalityOf("TwoToMany")).toEqual({ least: 2, most: undefined });
  expect(cardinalityOf("Three")).toEqual({ least: 3, most: 3 });
  for (const text of ["Recursive", "", "OneToZero", "1..n"]) expect(cardinalityOf(text), text).toBeUndefined();
  expect(rangeOf("[0,100]")).toMatchObject({ least: 0, most: 100, isMostIn: true });
  expect(rangeOf("ZeroToInf")).toMatchObject({ least: 0, most: Number.POSITIVE_INFINITY });
  expect(rangeOf("0 to 1")).toBeUndefined();
  for (const type of ["SMT/Cardinality", "Cardinality", "Multiplicity", "SMT/SMT/Cardinality"])
    expect(rulesOf({ qualifiers: [{ type, valueType: "xs:string", value: "One" }] }), type).toMatchObject({ least: 1, most: 1 });
});

test("[A71] an instance has what it must have, its meaning and its template's id, and nothing that speaks of the template", () => {
  const of = template(
    property("Must", smt("Cardinality", "One"), smt("ExampleValue", "e"), {
      type: "Own",
      kind: "ConceptQualifier",
      valueType: "xs:string",
      value: "x",
    }),
    property("May", smt("Cardinality", "ZeroToOne")),
    property("Phone__00__", smt("Cardinality", "TwoToMany")),
    property("Set", smt("Cardinality", "One"), smt("InitialValue", "on")),
  );
  const instance = instantiateTemplate(of, "urn:i");
  expect(instance).toMatchObject({ kind: "Instance", id: "urn:i", semanticId: of.semanticId, administration: { templateId: "urn:t" } });
  expect(instance.submodelElements).toEqual([
    {
      modelType: "Property",
      idShort: "Must",
      valueType: "xs:string",
      semanticId: meaning("urn:m:Must"),
      qualifiers: [{ type: "Own", kind: "ConceptQualifier", valueType: "xs:string", value: "x" }],
    },
    { modelType: "Property", idShort: "Phone01", valueType: "xs:string", semanticId: meaning("urn:m:Phone__00__") },
    { modelType: "Property", idShort: "Phone02", valueType: "xs:string", semanticId: meaning("urn:m:Phone__00__") },
    { modelType: "Property", idShort: "Set", valueType: "xs:string", semanticId: meaning("urn:m:Set"), value: "on" },
  ]);
  expect(constraints(instance, of)).toEqual([]);
  const full = instantiateTemplate(of, "urn:i", { withOptional: true, withExamples: true });
  expect(full.submodelElements!.map(({ idShort }) => idShort)).toEqual(["Must", "May", "Phone01", "Phone02", "Set"]);
  expect(full.submodelElements![0]).toMatchObject({ value: "e" });
});

test("[A72] an instance is held to cardinality, class, meaning, values and languages of its template", () => {
  const number = (idShort: string, ...qualifiers: object[]) => ({ ...property(idShort, ...qualifiers), valueType: "xs:int" });
  const of = template(
    property("One", smt("Cardinality", "One")),
    property("Many", smt("Cardinality", "ZeroToOne")),
    property("Choice", smt("FormChoices", "in; out")),
    property("Form", smt("AllowedValue", "[A-Z]{2}")),
    property("Evil", smt("AllowedValue", "(a+)+$")),
    number("Share", smt("AllowedRange", "[0,100]")),
    { modelType: "MultiLanguageProperty", idShort: "Text", qualifiers: [smt("RequiredLang", "de")] },
    property("Left", smt("EitherOr", "side")),
    property("Right", smt("EitherOr", "side")),
  );
  const value = (idShort: string, text: string, more: object = {}) => ({
    ...property(idShort),
    qualifiers: undefined,
    value: text,
    ...more,
  });
  const instance = {
    ...template(
      value("Many", "a"),
      value("Many", "b"),
      value("Choice", "sideways"),
      value("Form", "abc"),
      value("Evil", `${"a".repeat(5_000)}!`),
      value("Share", "101", { valueType: "xs:int" }),
      { modelType: "MultiLanguageProperty", idShort: "Text", value: [{ language: "en", text: "x" }] },
      value("Own", "x"),
      value("Form2", "x", { semanticId: meaning("urn:m:Form"), valueType: "xs:int" }),
    ),
    kind: "Instance",
  } as Submodel;
  expect(constraints(instance, of)).toEqual([
    "error SMT/Cardinality ",
    "error SMT/Cardinality ",
    "warning SMT/AllowedValue Choice",
    "error SMT/AllowedValue Form",
    "warning SMT/ValueType Form2",
    "error SMT/AllowedValue Form2",
    "error SMT/AllowedValue Evil",
    "error SMT/AllowedRange Share",
    "error SMT/RequiredLang Text",
    "error SMT/EitherOr ",
    "info SMT/Additional Own",
  ]);
  expect(
    constraints(
      {
        ...instance,
        semanticId: meaning("urn:other") as never,
        submodelElements: [value("One", "1", { modelType: "Capability" })] as never,
      },
      of,
    ),
  ).toEqual(["error SMT/SemanticId ", "error SMT/ModelType One", "error SMT/EitherOr "]);
});

test("[A72] a value must be in the value list of its concept, as text or as id", () => {
  const concept = {
    embeddedDataSpecifications: [
      { dataSpecificationContent: { valueList: { valueReferencePairs: [{ value: "red", valueId: meaning("urn:red") }] } } },
    ],
  };
  const of = template(property("Colour"));
  const judged = (value: string) =>
    checkTemplate({ ...of, submodelElements: [{ ...property("Colour"), value }] as never }, of, (id) =>
      id === "urn:m:Colour" ? (concept as never) : undefined,
    ).map(({ constraint }) => constraint);
  expect([judged("red"), judged("urn:red"), judged("blue")]).toEqual([[], [], ["SMT/ValueList"]]);
});

test("[A73] the form follows the template, and what it adds and removes keeps to the cardinality", () => {
  const of = template(
    {
      modelType: "SubmodelElementCollection",
      idShort: "Group__00__",
      qualifiers: [smt("Cardinality", "OneToMany")],
      value: [property("Inner", smt("Cardinality", "ZeroToOne"))],
    },
    property("Only", smt("Cardinality", "One")),
  );
  let instance = instantiateTemplate(of, "urn:i");
  const field = () => formOf(instance, of)[0]!;
  expect(field()).toMatchObject({ mayAdd: true, mayRemove: false, items: [{ path: "Group01" }] });
  instance = withElementAdded(instance, "", of.submodelElements![0]!);
  instance = withElementAdded(instance, "Group02", field().items[1]!.fields[0]!.template);
  expect(field()).toMatchObject({
    mayRemove: true,
    items: [{ path: "Group01" }, { path: "Group02", fields: [{ mayAdd: false, items: [{ path: "Group02.Inner" }] }] }],
  });
  instance = withElementReplaced(instance, "Group02.Inner", { ...property("Inner"), value: "v" } as never);
  instance = withElementRemoved(instance, "Group01");
  expect(field().items).toMatchObject([{ path: "Group02", fields: [{ items: [{ element: { value: "v" } }] }] }]);
  expect(constraints(instance, of)).toEqual([]);
});

test("[A74] a template of our own is usable: instances of it are valid, hold to it, and fill its form", () => {
  const unnamed = template(
    property("Must", smt("Cardinality", "One"), smt("ExampleValue", "e")),
    property("May", smt("Cardinality", "ZeroToOne")),
    property("Many{00}", smt("Cardinality", "OneToMany")),
  );
  const of: Submodel = { ...unnamed, idShort: "Plate" };
  for (const options of [{}, { withOptional: true }, { withOptional: true, withExamples: true }]) {
    const instance = instantiateTemplate(of, "urn:test:instance", options);
    expect(
      validate(instance).filter(({ severity }) => severity === "error"),
      JSON.stringify(options),
    ).toEqual([]);
    expect(
      checkTemplate(instance, of).filter(({ severity }) => severity === "error"),
      JSON.stringify(options),
    ).toEqual([]);
    expect(formOf(instance, of).length).toBeGreaterThan(2);
  }
});

testOnSharedData(
  "[A74] every published template is usable: instances of it are valid, hold to it, and fill its form",
  "aas/templates",
  (folder) => {
    const names = readdirSync(folder).filter((name) => /\.(json|aasx|xml)$/i.test(name));
    expect(names.length).toBeGreaterThan(40);
    let [templates, fields] = [0, 0];
    for (const name of names) {
      const { environment } = readFile(readFileSync(join(folder, name)));
      const concepts = new Map((environment.conceptDescriptions ?? []).map((concept) => [concept.id, concept]));
      for (const of of environment.submodels ?? []) {
        templates++;
        const before = errorsOf(of);
        for (const options of [{}, { withOptional: true }, { withOptional: true, withExamples: true }]) {
          const instance = instantiateTemplate(of, "urn:test:instance", options);
          // What the template itself breaks, an instance of it cannot fix.
          const own = errorsOf(instance).filter((each) => !before.has(each));
          expect(own, `${name} ${of.idShort} ${JSON.stringify(options)}`).toEqual([]);
          const found = checkTemplate(instance, of, (id) => concepts.get(id)).filter(({ severity }) => severity === "error");
          const isExample = "withExamples" in options;
          expect(
            found.filter(
              ({ constraint }) =>
                !isExample || !["SMT/ValueList", "SMT/AllowedValue", "SMT/AllowedRange", "SMT/RequiredLang"].includes(constraint),
            ),
            `${name} ${of.idShort} ${JSON.stringify(options)}`,
          ).toEqual([]);
          if ("withOptional" in options) fields += formOf(instance, of).length;
        }
      }
    }
    expect(templates).toBeGreaterThan(40);
    expect(fields).toBeGreaterThan(templates);
  },
);

/** Constraint and message of every error, without its place. */
function errorsOf(submodel: Submodel): Set<string> & { filter(fits: (each: string) => boolean): string[] } {
  const all = new Set(
    validate(submodel, "Submodel")
      .filter(({ severity }) => severity === "error")
      .map(({ constraint, message }) => `${constraint} ${message}`),
  );
  return Object.assign(all, { filter: (fits: (each: string) => boolean) => [...all].filter(fits) });
}
