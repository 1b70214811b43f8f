import { Button, FileButton, Select, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft, IconFileUpload, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelCard } from "@doppelwerk/client";
import { getPage } from "@doppelwerk/client";
import type { Shell } from "@doppelwerk/aas";
import { BackToDecide } from "../decide/back-to-decide.tsx";
import {
  Card,
  Empty,
  Failure,
  aasOf,
  useLoad,
  useStore,
  useStudio,
  useWords,
  Problem,
  shownError,
  type ShownError,
  Waiting,
} from "@doppelwerk/kit/studio";
import { ModelPage } from "./model-page.tsx";
import "../decide/decide.css";
import "./models.css";
import * as simulate from "../../calls.ts";

/** Shells a model can be put on are chosen from these; who has more names them in the search of the explorer. */
const MAX_SHELLS = 500;

function useModels(branch: string, search: string) {
  const studio = useStudio();
  const commits = useStore(studio.commits);
  const read = (signal: AbortSignal) => simulate.listModels(studio.client, { query: { branch, search } }, { signal });
  return useLoad(read, [branch, search], undefined, commits);
}

/** Simulation models that the shells of a branch announce: found, added, run. */
export default function Models({ branch, detail }: { readonly branch: string; readonly detail: string }): ReactNode {
  const chosen = detail.split(":")[1];
  const studio = useStudio();
  const { t } = useWords();
  const [wanted, setWanted] = useState("");
  const [search] = useDebouncedValue(wanted, 200);
  const models = useModels(branch, search);
  const found = models.value ?? [];
  const shown = found.find(({ hash }) => hash === chosen) ?? (chosen === undefined ? found[0] : undefined);
  // versions are of the whole library: a search for one of them does not hide the others from its page
  const all = useModels(branch, "");
  const versions = (all.value ?? found).filter(({ name, shell }) => name === shown?.name && shell === shown.shell);
  const choose = ({ hash }: ModelCard): void => studio.address.go({ detail: `models:${hash}` });
  return (
    <div className={`dw-page dw-decide dw-models ${chosen === undefined ? "" : "has-chosen"}`}>
      <div className="dw-decide-left">
        <BackToDecide />
        <Card
          title={t("simulate.models.title")}
          note={models.value === undefined ? "" : t("simulate.models.count", { count: found.length })}
        >
          <TextInput
            size="sm"
            aria-label={t("simulate.models.search")}
            placeholder={t("simulate.models.search")}
            leftSection={<IconSearch size={15} />}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
          {models.kind === "failed" && <Failure message={models.message} code={models.code} onRetry={models.reload} />}
          {models.value?.length === 0 && <p className="dw-quiet">{t(`simulate.models.${search === "" ? "none" : "notFound"}`)}</p>}
          <div className="dw-models-list">
            {found.map((card) => (
              <UnstyledButton
                key={card.hash}
                className={`dw-model ${card.hash === shown?.hash ? "is-on" : ""}`}
                aria-current={card.hash === shown?.hash}
                onClick={() => choose(card)}
              >
                <b>{card.name}</b>
                <small>
                  {t("simulate.models.version", { version: card.version })}
                  {!card.latest && ` · ${t("simulate.models.older")}`} · {card.shellName}
                </small>
              </UnstyledButton>
            ))}
          </div>
        </Card>
        <AddModel branch={branch} onAdded={choose} />
      </div>
      <div className="dw-decide-right">
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowLeft size={15} />}
          className="dw-models-up"
          onClick={() => studio.address.go({ detail: "models" })}
        >
          {t("simulate.models.title")}
        </Button>
        {shown === undefined ? (
          <NoneShown models={models} />
        ) : (
          <ModelPage key={`${branch} ${shown.hash}`} branch={branch} hash={shown.hash} versions={versions} />
        )}
      </div>
    </div>
  );
}

/** What is not read yet, or not at all, is not told as none. */
function NoneShown({ models }: { readonly models: ReturnType<typeof useModels> }): ReactNode {
  const { t } = useWords();
  if (models.value !== undefined) return <Empty title={t("simulate.models.emptyTitle")} text={t("simulate.models.emptyText")} />;
  return models.kind === "failed" ? null : <Waiting />;
}

function AddModel({ branch, onAdded }: { readonly branch: string; readonly onAdded: (card: ModelCard) => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const [shell, setShell] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const shells = useLoad(() => getPage<Shell>(aasOf(studio, branch), "/shells", { pageSize: MAX_SHELLS }), [branch], undefined, commits);
  const add = (file: File | null): void => {
    if (file === null || shell === null) return;
    setBusy(true);
    setFailure(undefined);
    void (async () => {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const card = await simulate.announceModel(studio.client, { query: { branch, shell, name: file.name }, body: bytes });
        studio.commits.update((count) => count + 1);
        onAdded(card);
      } catch (error) {
        setFailure(shownError(error));
      }
      setBusy(false);
    })();
  };
  return (
    <Card title={t("simulate.models.add")} note="FMI 2.0, 3.0">
      <div className="dw-models-form">
        <Select
          size="sm"
          searchable
          label={t("simulate.models.shell")}
          placeholder={t("simulate.models.chooseShell")}
          data={(shells.value?.result ?? []).map(({ id, idShort }) => ({ value: id, label: idShort ?? id }))}
          value={shell}
          onChange={setShell}
        />
        <FileButton onChange={add} accept=".fmu">
          {(props) => (
            <Button {...props} size="sm" loading={busy} disabled={shell === null} leftSection={<IconFileUpload size={16} />}>
              {t("simulate.models.chooseFile")}
            </Button>
          )}
        </FileButton>
        <p className="dw-quiet">{t("simulate.models.addText")}</p>
        {failure !== undefined && <Problem text={failure.message} code={failure.code} />}
      </div>
    </Card>
  );
}
