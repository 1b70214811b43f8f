import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ListedProvider } from "@doppelwerk/client";
import { ListPart, LoadedCard, messageText, RowActions, useLoad, useStudio, useWords, type Column } from "@doppelwerk/ui";
import { ProviderForm } from "./provider-form.tsx";
import { ROLES } from "./role-names.tsx";

/** `new`: of this kind; else the provider that is changed. */
type Edited = { readonly kind: "openid" | "ldap"; readonly changed?: ListedProvider };

/** Providers of the company through which people log in on this server. */
export default function ProvidersCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [edited, setEdited] = useState<Edited | undefined>(undefined);
  const providers = useLoad((signal) => client.providers({ signal }), []);
  const changed = (): void => {
    setEdited(undefined);
    providers.reload();
  };
  const columns: readonly Column<ListedProvider>[] = [
    { title: t("settings.itemName"), cell: (provider) => <Named provider={provider} /> },
    { title: t("settings.providerRoles"), cell: (provider) => <Mapping provider={provider} /> },
    {
      title: "",
      cell: (provider) => (
        <Tools provider={provider} onChange={() => setEdited({ kind: provider.config.kind, changed: provider })} onChanged={changed} />
      ),
    },
  ];
  return (
    <LoadedCard title={t("settings.providers")} note={() => t("settings.providersNote")} loaded={providers}>
      {(all) => (
        <>
          <ListPart
            caption={t("settings.providers")}
            columns={columns}
            rows={all}
            keyOf={({ config }) => config.id}
            empty={t("settings.providersNone")}
            textOf={({ config }) => config.name}
          />
          {edited === undefined ? (
            <p className="dw-list-foot">
              {(["openid", "ldap"] as const).map((kind) => (
                <Button key={kind} variant="default" onClick={() => setEdited({ kind })}>
                  {t(`settings.providerAdd.${kind}`)}
                </Button>
              ))}
            </p>
          ) : (
            <ProviderForm
              key={edited.changed?.config.id ?? edited.kind}
              {...edited}
              onDone={changed}
              onCancel={() => setEdited(undefined)}
            />
          )}
        </>
      )}
    </LoadedCard>
  );
}

function Named({ provider: { config, people, redirectUri } }: { readonly provider: ListedProvider }): ReactNode {
  const { t } = useWords();
  const facts = [
    String(config["issuer"] ?? config["url"]),
    t("settings.accountCount", { count: people }),
    redirectUri !== undefined && t("settings.providerRedirect", { address: redirectUri }),
  ];
  return (
    <>
      {config.name} <small className="dw-quiet">{facts.filter(Boolean).join(" · ")}</small>
    </>
  );
}

function Mapping({ provider: { config } }: { readonly provider: ListedProvider }): ReactNode {
  const { t } = useWords();
  const mapped = ROLES.filter((role) => (config.roles[role] ?? []).length > 0);
  return (
    <div>
      {mapped.map((role) => (
        <div key={role}>
          {t(`settings.role.${role}`)} <small className="dw-quiet">{config.roles[role]!.join(" · ")}</small>
        </div>
      ))}
      {mapped.length === 0 && <small className="dw-quiet">{t("settings.providerNoRoles")}</small>}
    </div>
  );
}

interface ToolsProps {
  readonly provider: ListedProvider;
  readonly onChange: () => void;
  readonly onChanged: () => void;
}

function Tools({ provider: { config }, onChange, onChanged }: ToolsProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { id, name } = config;
  const test = async (): Promise<void> => {
    const { answers, reason } = await studio.client.testProvider(id);
    if (answers) studio.notify("good", t("settings.providerAnswers", { name }));
    else studio.notify("trouble", messageText(t("settings.providerAway", { name }), reason));
  };
  return (
    <RowActions
      actions={[
        { label: t("settings.providerTest"), run: test },
        { label: t("settings.providerChange"), run: onChange },
        {
          label: t("settings.removeAccount"),
          question: { title: t("settings.removeProvider"), text: t("settings.removeProviderText", { name }) },
          run: () => studio.client.removeProvider(id).then(onChanged),
        },
      ]}
    />
  );
}
