import type { Environment, SubmodelElement } from "@doppelwerk/aas";
import { textsOf, type Message } from "@doppelwerk/kit";
import type { Proposal } from "@doppelwerk/operations";

/** The proposal with each estimate described by why it is one. Done here, because the thread that proposes knows no language. */
export function describedEstimates(proposal: Proposal): Proposal {
  const reasons = new Map(proposal.evidence.flatMap(({ kind, shell, message }) => (kind === "time" ? [[shell, message] as const] : [])));
  if (reasons.size === 0) return proposal;
  const submodels = (proposal.environment.submodels ?? []).map((submodel) => {
    const reason = reasons.get(submodel.id.replace(/\/Station$/, ""));
    return reason === undefined || submodel.submodelElements === undefined
      ? submodel
      : { ...submodel, submodelElements: submodel.submodelElements.map((element) => described(element, reason)) };
  });
  return { ...proposal, environment: { ...proposal.environment, submodels } satisfies Environment };
}

function described(element: SubmodelElement, reason: Message): SubmodelElement {
  if (!(element.qualifiers ?? []).some(({ type, value }) => type === "Estimated" && value === "true")) return element;
  const { en, zh } = textsOf(reason);
  return {
    ...element,
    description: [
      { language: "en", text: en },
      { language: "zh", text: zh },
    ],
  };
}
