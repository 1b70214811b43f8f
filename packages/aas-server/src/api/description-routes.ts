import { send } from "./answers.ts";
import type { Register } from "./route.ts";

const RELEASES = ["3/1", "3/0"];

/** Profiles that are served whole, by service specification; a server of 3.1 serves clients of 3.0. */
const PROFILES = [
  "AssetAdministrationShellRepositoryServiceSpecification/SSP-001",
  "AssetAdministrationShellRepositoryServiceSpecification/SSP-002",
  "SubmodelRepositoryServiceSpecification/SSP-001",
  "SubmodelRepositoryServiceSpecification/SSP-002",
  "ConceptDescriptionRepositoryServiceSpecification/SSP-001",
  "AssetAdministrationShellRegistryServiceSpecification/SSP-001",
  "AssetAdministrationShellRegistryServiceSpecification/SSP-002",
  "SubmodelRegistryServiceSpecification/SSP-001",
  "SubmodelRegistryServiceSpecification/SSP-002",
  "DiscoveryServiceSpecification/SSP-001",
  "AasxFileServerServiceSpecification/SSP-001",
];

/** Profiles that came with 3.1. */
const NEW_IN_3_1 = [
  "AssetAdministrationShellRepositoryServiceSpecification/SSP-003",
  "SubmodelRepositoryServiceSpecification/SSP-005",
  "ConceptDescriptionRepositoryServiceSpecification/SSP-002",
  "AssetAdministrationShellRegistryServiceSpecification/SSP-004",
  "SubmodelRegistryServiceSpecification/SSP-004",
  "AssetAdministrationShellRegistryServiceSpecification/SSP-003",
  "AssetAdministrationShellRegistryServiceSpecification/SSP-004",
  "AssetAdministrationShellRegistryServiceSpecification/SSP-005",
  "SubmodelRegistryServiceSpecification/SSP-003",
  "SubmodelRegistryServiceSpecification/SSP-004",
  "AssetAdministrationShellRepositoryServiceSpecification/SSP-003",
  "SubmodelRepositoryServiceSpecification/SSP-005",
  "ConceptDescriptionRepositoryServiceSpecification/SSP-002",
  "DiscoveryServiceSpecification/SSP-002",
];

/** Signatures, identifiables, history and asynchronous upload of the 3.2 draft. */
const DRAFT_3_2 = [
  "AssetAdministrationShellRepositoryServiceSpecification/SSP-004",
  "AssetAdministrationShellRepositoryServiceSpecification/SSP-005",
  "AssetAdministrationShellRepositoryServiceSpecification/SSP-006",
  "SubmodelRepositoryServiceSpecification/SSP-006",
  "SubmodelRepositoryServiceSpecification/SSP-007",
  "ConceptDescriptionRepositoryServiceSpecification/SSP-003",
  "AasxFileServerServiceSpecification/SSP-002",
];

const OF_SHELL = ["AssetAdministrationShellServiceSpecification/SSP-001", "AssetAdministrationShellServiceSpecification/SSP-002"];
const OF_SUBMODEL = [
  "SubmodelServiceSpecification/SSP-001",
  "SubmodelServiceSpecification/SSP-002",
  "SubmodelServiceSpecification/SSP-003",
];

const OF_TEMPLATES = ["SubmodelRepositoryServiceSpecification/SSP-003", "SubmodelRepositoryServiceSpecification/SSP-004"];

function urls(release: string, profiles: readonly string[]): readonly string[] {
  return profiles.map((profile) => `https://admin-shell.io/aas/API/${release}/${profile}`);
}

function inEach(profiles: readonly string[]): readonly string[] {
  return RELEASES.flatMap((release) => urls(release, profiles));
}

/** What the repository of templates claims: by AASa-004 nothing else may claim it. */
export function templateDescriptionRoute(register: Register): void {
  register("GET", "/description", (_source, _request, reply) => send(reply, { profiles: inEach(OF_TEMPLATES) }));
}

/** What the API as a whole claims, and what the service of one shell and of one submodel does. */
export function descriptionRoutes(register: Register): void {
  const describe = (base: string, profiles: readonly string[]) =>
    register("GET", `${base}/description`, (_source, _request, reply) => send(reply, { profiles }));
  describe("", [...inEach(PROFILES), ...urls("3/1", NEW_IN_3_1), ...urls("3/2", DRAFT_3_2)]);
  describe("/shells/:aasIdentifier", inEach(OF_SHELL));
  describe("/submodels/:submodelIdentifier", inEach(OF_SUBMODEL));
}
