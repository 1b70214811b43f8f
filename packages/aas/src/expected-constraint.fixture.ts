// For tests only: what the folders and file names of the metamodel corpus say is wrong with a case.

const OF_REFERENCES: Readonly<Record<string, string>> = {
  external_reference_violation_first_key_not_in_globally_identifiables: "AASd-122",
  external_reference_violation_invalid_last_key: "AASd-124",
  model_reference_violation_first_key_not_in_globally_identifiables: "AASd-121",
  model_reference_violation_first_key_not_in_aas_identifiables: "AASd-123",
  model_reference_violation_second_key_not_in_fragment_keys: "AASd-125",
  model_reference_violation_fragment_reference_in_the_middle: "AASd-126",
  model_reference_violation_fragment_reference_not_after_file_or_blob: "AASd-127",
  model_reference_violation_invalid_key_value_after_list: "AASd-128",
};

const OF_LISTS: Readonly<Record<string, string>> = {
  list_violation_of_semantic_id_list_element: "AASd-107",
  list_violation_of_type_value_list_element: "AASd-108",
  list_violation_of_value_type_list_element: "AASd-109",
  list_violation_semantic_id_mismatch_between_elements: "AASd-114",
};

/** Attributes whose pattern is one of their own; every other pattern of the corpus is that of AASd-130, the characters of XML. */
const WITH_FORM = new Set([
  "language",
  "contentType",
  "version",
  "revision",
  "path",
  "lastUpdate",
  "timeStamp",
  "minInterval",
  "maxInterval",
  "createdAt",
  "updatedAt",
]);

/** The constraint that a finding about the case must name: several where a case of the corpus breaks the one or the other. */
export function expectedConstraints(path: string): readonly string[] {
  const parts = path.replace(/^.*Unexpected\//, "").split("/");
  const [violation, className] = [parts[1]!, parts[2]!.toLowerCase()];
  const name = parts.at(-1)!.replace(/\.(json|xml)$/, "");
  const attribute = violation === "PatternViolation" ? (parts[3] ?? name) : name;
  switch (violation) {
    case "ConstraintViolation":
      return [OF_REFERENCES[name] ?? OF_LISTS[name] ?? `no constraint is known for ${path}`];
    case "PatternViolation":
      if (attribute === "idShort") return ["AASd-002"];
      return WITH_FORM.has(attribute) || (className === "file" && attribute === "value") ? ["pattern"] : ["AASd-130"];
    case "DateTimeUtcViolationOnFebruary29th":
      return ["pattern"];
    case "InvalidValueExample":
    case "InvalidRangeExample":
      return [className === "qualifier" ? "AASd-020" : "lexical"];
    case "MaxLengthViolation":
      return ["length"];
    case "MinLengthViolation":
      return ["length", "empty"];
    case "RequiredViolation":
      return ["required"];
    case "NullViolation":
      return ["type"];
    case "TypeViolation":
      return ["type", "structure", "lexical", "xml", "enumeration"];
    case "UnexpectedAdditionalProperty":
      return ["additional"];
    case "MissingModelType":
    case "InvalidModelType":
      return ["structure"];
    case "InvalidClassName":
      return ["xml"];
    default:
      return [`no violation is known for ${path}`];
  }
}
