import { Button, UnstyledButton } from "@mantine/core";
import { IconTool } from "@tabler/icons-react";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { applyRepairs, repairEnvironment, repairsOf, validate } from "@doppelwerk/aas";
import type { Environment, Finding, Repair, Submodel } from "@doppelwerk/aas";
import { putSubmodel } from "@doppelwerk/client";
import type { AasApi } from "@doppelwerk/client";
import {
  Failure,
  FindingText,
  Waiting,
  aasOf,
  messageText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { documentPath, read, revisionOf } from "./aas-access.ts";
import { grouped, type FindingsOfConstraint } from "./findings.ts";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { TemplateCheck } from "./template-check.tsx";
import { useChange } from "./use-change.ts";
import { useDocumentPath } from "./use-document-path.ts";

/** Findings of one kind that are listed. */
const MAX_LISTED = 100;

type Repairable = Finding & { readonly repairs: readonly Repair[] };

/** What is wrong with a submodel: against the metamodel, each with its repairs by a click, and against its template. */
export function FindingsPanel({
  place,
  moves,
}: {
  readonly place: ExplorerPlace & { readonly submodel: string };
  readonly moves: ExplorerMoves;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const commits = useStore(studio.commits);
  const { path, past } = useDocumentPath(documentPath(place.submodel), true);
  const loaded = useLoad(
    (signal) => read<Submodel>(aasOf(studio, branch), path, signal),
    [place.submodel, branch],
    undefined,
    `${path} ${commits}`,
  );
  if (loaded.kind === "failed") return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <Waiting />;
  return (
    <div className="dw-findings-panel">
      <Metamodel submodel={loaded.value} past={past} onPath={(path) => moves.go({ ...place, path, tab: "json" })} />
      <TemplateCheck submodel={loaded.value} />
    </div>
  );
}

function Metamodel({
  submodel,
  past,
  onPath,
}: {
  readonly submodel: Submodel;
  readonly past: boolean;
  readonly onPath: (path: string) => void;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const environment = useMemo((): Environment => ({ submodels: [submodel] }), [submodel]);
  const findings = useMemo(
    () => validate(environment, "Environment").map((finding): Repairable => ({ ...finding, repairs: repairsOf(environment, finding) })),
    [environment],
  );
  const what = submodel.idShort ?? submodel.id;
  const write = (repaired: Environment): void => {
    void change({
      reason: t("assets.explorer.repairOf", { what }),
      done: t("assets.explorer.repairedThis", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since: revisionOf(submodel),
      run: (api: AasApi) => putSubmodel(api, repaired.submodels![0]!),
    });
  };
  if (findings.length === 0) return <p className="dw-note">{t("assets.explorer.keepsMetamodel")}</p>;
  return (
    <section aria-label={t("assets.explorer.metamodel")}>
      <h3 className="dw-small-title">{t("assets.explorer.metamodel")}</h3>
      {grouped(findings).map((group) => (
        <FindingGroup key={group.constraint} group={group} repairing={{ environment, submodel, past, busy, write, onPath }} />
      ))}
    </section>
  );
}

interface Repairing {
  readonly environment: Environment;
  readonly submodel: Submodel;
  readonly past: boolean;
  readonly busy: boolean;
  readonly write: (repaired: Environment) => void;
  readonly onPath: (path: string) => void;
}

/** Findings of one constraint, with the repair of all that have one. */
function FindingGroup({
  group: { constraint, severity, findings: own },
  repairing,
}: {
  readonly group: FindingsOfConstraint<Repairable>;
  readonly repairing: Repairing;
}): ReactNode {
  const { t } = useWords();
  const { environment, past, busy, write } = repairing;
  const repairable = own.filter(({ repairs }) => repairs.length > 0).length;
  return (
    <details className="dw-finding-group" open>
      <summary>
        <b>{constraint}</b> <span className={`dw-severity is-${severity}`}>{t(`assets.explorer.severity.${severity}`)}</span>{" "}
        <small>{own.length}</small>
      </summary>
      {repairable > 1 && !past && (
        <Button
          size="xs"
          variant="default"
          loading={busy}
          leftSection={<IconTool size={14} />}
          onClick={() => write(repairEnvironment(environment, ({ constraint: each }) => each === constraint).environment)}
        >
          {t("assets.explorer.repairKind", { count: repairable })}
        </Button>
      )}
      <ul className="dw-findings">
        {own.slice(0, MAX_LISTED).map((finding) => (
          <FindingLine key={`${finding.path} ${finding.message}`} finding={finding} repairing={repairing} />
        ))}
      </ul>
    </details>
  );
}

function FindingLine({ finding, repairing }: { readonly finding: Repairable; readonly repairing: Repairing }): ReactNode {
  const { t } = useWords();
  const { environment, submodel, past, busy, write, onPath } = repairing;
  return (
    <li>
      <PlaceOf finding={finding} submodel={submodel} onPath={onPath} /> <FindingText finding={finding} />
      {!past &&
        finding.repairs.map((repair) => (
          <UnstyledButton key={repair.how} className="dw-repair" disabled={busy} onClick={() => write(applyRepairs(environment, [repair]))}>
            <IconTool size={14} />
            <span>{messageText(repair.how, repair.reason)}</span>
            {repair.kind === "guess" && <small>{t("assets.explorer.guess")}</small>}
          </UnstyledButton>
        ))}
    </li>
  );
}

/** The place of a finding, as a way there where it is in an element. */
function PlaceOf({
  finding,
  submodel,
  onPath,
}: {
  readonly finding: Finding;
  readonly submodel: Submodel;
  readonly onPath: (path: string) => void;
}): ReactNode {
  const shown = finding.path.replace(/^submodels\[0\]\.?/, "");
  const path = elementPathOf(submodel, shown);
  if (path === "") return <code className="dw-breaks">{shown || submodel.idShort}</code>;
  return (
    <UnstyledButton className="dw-text-link dw-breaks" title={shown} onClick={() => onPath(path)}>
      {path}
    </UnstyledButton>
  );
}

/** `submodelElements[2].value[0].semanticId` → the idShortPath of the deepest element on the way; empty = the submodel itself. */
export function elementPathOf(submodel: Submodel, place: string): string {
  let node: unknown = submodel;
  let parent: { readonly modelType: string } = submodel;
  let path = "";
  for (const [, name, index] of place.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    const held: unknown = (node as Readonly<Record<string, unknown>> | undefined)?.[name ?? index!];
    if (held === undefined) break;
    if (index !== undefined && isElement(held)) {
      const inList = parent.modelType === "SubmodelElementList";
      if (!inList && held.idShort === undefined) return path;
      path = inList ? `${path}[${index}]` : path === "" ? held.idShort! : `${path}.${held.idShort}`;
      parent = held;
    }
    node = held;
  }
  return path;
}

function isElement(held: unknown): held is { readonly modelType: string; readonly idShort?: string } {
  return typeof held === "object" && held !== null && "modelType" in held;
}
