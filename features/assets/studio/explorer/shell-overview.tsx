import { UnstyledButton } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import type { Shell } from "@doppelwerk/aas";
import { INSTALLATION } from "@doppelwerk/operations";
import { useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { InstalledHere } from "./installed.tsx";
import { Thumbnail } from "./thumbnail.tsx";
import type { ShellSubmodel } from "./use-shell.ts";

const Identification = lazy(() => import("./identification.tsx").then(({ Identification: view }) => ({ default: view })));

interface OverviewProps {
  readonly shell: Shell;
  readonly submodels: readonly ShellSubmodel[];
  readonly past: boolean;
  /** Of the shell. */
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
}

/** The asset of a shell, its submodels, where it is installed, and its identification link. */
export function ShellOverview(props: OverviewProps): ReactNode {
  const { t } = useWords();
  const { shell, submodels, past, moves } = props;
  return (
    <div className="dw-asset-columns">
      <AssetBlock shell={shell} past={past} />
      <SubmodelsBlock {...props} />
      <InstalledHere
        shell={shell}
        own={submodels.find(({ head }) => head?.semanticId?.keys.at(-1)?.value === INSTALLATION)?.id}
        past={past}
        onShell={(other) => moves.go({ mode: "shells", shell: other })}
      />
      <section className="dw-block">
        <header>
          <h3>{t("assets.explorer.identification")}</h3>
          <span>IEC 61406</span>
        </header>
        <Suspense fallback={null}>
          <Identification shell={shell} />
        </Suspense>
      </section>
    </div>
  );
}

function AssetBlock({ shell, past }: { readonly shell: Shell; readonly past: boolean }): ReactNode {
  const { t } = useWords();
  const { assetInformation: asset } = shell;
  return (
    <section className="dw-block">
      <header>
        <h3>{t("assets.explorer.asset")}</h3>
      </header>
      <dl className="dw-facts">
        <dt>{t("assets.explorer.assetKind")}</dt>
        <dd>{t.or(`assets.explorer.assetKinds.${asset.assetKind}`, asset.assetKind)}</dd>
        {asset.globalAssetId !== undefined && <Fact name={t("assets.explorer.globalAssetId")} value={asset.globalAssetId} />}
        {asset.assetType !== undefined && <Fact name={t("assets.explorer.assetType")} value={asset.assetType} />}
        {(asset.specificAssetIds ?? []).map(({ name, value }) => (
          <Fact key={`${name} ${value}`} name={name} value={value} />
        ))}
      </dl>
      <Thumbnail shell={shell} past={past} />
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd className="dw-breaks">{value}</dd>
    </>
  );
}

function SubmodelsBlock({ shell, submodels, place, moves }: OverviewProps): ReactNode {
  const { t } = useWords();
  return (
    <section className="dw-block">
      <header>
        <h3>{t("assets.submodels")}</h3>
        <span>{submodels.length}</span>
      </header>
      {submodels.length === 0 && <p className="dw-quiet">{t("assets.explorer.noSubmodels")}</p>}
      <ul className="dw-submodels">
        {submodels.map(({ id, head }) => (
          <li key={id}>
            <UnstyledButton className="dw-list-line" disabled={head === undefined} onClick={() => moves.go({ ...place, submodel: id })}>
              <IconStack2 size={15} stroke={1.6} />
              <span>{head?.idShort ?? id}</span>
              {head === undefined && <small>{t("assets.explorer.notHere")}</small>}
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <UnstyledButton className="dw-text-link" onClick={() => moves.go({ mode: "templates", shell: shell.id })}>
        {t("assets.explorer.fromTemplate")}
      </UnstyledButton>
    </section>
  );
}
