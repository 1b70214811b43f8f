import { TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { Dialog, Empty, Failure, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";
import { currentPlace } from "./current-place.ts";
import { goToPlace } from "./go-to-place.ts";
import { PlaceTree } from "./place-tree.tsx";
import { usePlaces } from "./use-places.ts";
import "./places.css";

/** The tree of places, searched by name. */
export default function PlaceDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <Dialog opened={opened} onClose={onClose} title={t("places.tree.title")} centered size={520}>
      <TreeOfPlaces onClose={onClose} />
    </Dialog>
  );
}

/** Made when the dialog opens, so that it begins at the place where the studio is. */
function TreeOfPlaces({ onClose }: { readonly onClose: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const loaded = usePlaces();
  const address = useStore(studio.address.store);
  const line = useStore(studio.line);
  const [text, setText] = useState("");
  const places = useMemo(() => loaded.value?.places ?? [], [loaded.value]);
  const current = currentPlace(places, address, line);
  if (places.length === 0) {
    if (loaded.kind === "failed") return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
    if (loaded.kind === "loading") return <p role="status">{t("frame.loading")}</p>;
    return <Empty title={t("places.tree.empty")} text={t("places.tree.emptyText")} />;
  }
  const choose = (place: Place): void => {
    goToPlace(studio, place, places);
    onClose();
  };
  const findings = loaded.value?.findings ?? [];
  return (
    <>
      <TextInput
        size="sm"
        aria-label={t("places.tree.search")}
        placeholder={t("places.tree.search")}
        value={text}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <PlaceTree places={places} text={text.trim()} current={current?.id} onChoose={choose} />
      {findings.length > 0 && (
        <details className="dw-place-findings">
          <summary>{t("places.tree.findings", { count: findings.length })}</summary>
          <ul>
            {findings.map((finding, index) => (
              <li key={index}>{t.or(finding.code, finding.code, finding.params)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
