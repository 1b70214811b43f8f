import { Button } from "@mantine/core";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import { loadOf, operation } from "../session/operation.ts";
import { useScope } from "../session/scope.tsx";
import { useStudio } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useProposedEdit } from "../session/use-proposed-edit.ts";

interface SetUp {
  readonly feature: string;
  readonly pack: string;
  readonly reads: boolean;
  readonly documents: number;
  readonly alarmRules: number;
  readonly proposed?: string;
}

interface Proposed {
  readonly created: number;
  readonly changed: number;
  readonly kept: number;
  readonly left: number;
}

const setUps = operation<{ readonly setUps: readonly SetUp[] }>("GET /pack-set-ups");
const propose = operation<Proposed>("POST /pack-set-ups/:feature");

/**
 * Proposes what a feature of a pack begins with, documents and alarm rules: from live on a branch that is forked for it and sent as a merge request, on a
 * branch there. Nothing where the feature declares none.
 */
export function ProposeSetUp({ feature, onProposed }: { readonly feature: string; readonly onProposed?: () => void }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const known = useLoad(loadOf(setUps, { query: { branch } }));
  const { busy, edit } = useProposedEdit(t("packs.setUp.failed"), () => {
    known.reload();
    onProposed?.();
  });
  const setUp = known.value?.setUps.find((one) => one.feature === feature);
  if (setUp === undefined) return null;
  const waiting = setUp.documents + setUp.alarmRules;
  const run = (): void =>
    edit(t("packs.setUp.branch", { pack: setUp.pack }), async (on) => {
      const { created, changed, kept, left } = await propose(studio.client, { params: { feature }, query: { branch: on } });
      // nothing is on the branch: there is nothing to merge
      if (created + changed === 0) throw new DoppelwerkError("DW_CONFLICT", message("packs.setUp.nothing", { kept, left }));
      studio.notify("plain", t("packs.setUp.done", { created, changed }), left === 0 ? "" : t("packs.setUp.left", { left }));
    });
  return (
    <Button variant="default" size="sm" loading={busy} onClick={run} title={t("packs.setUp.hint")}>
      {waiting === 0 ? t("packs.setUp.propose") : t("packs.setUp.proposeRules", { count: waiting })}
    </Button>
  );
}
