import { Component } from "react";
import type { ReactNode } from "react";
import { Failure } from "../values/card.tsx";

interface Props {
  /** A change of it (another view, another subject) tries again. */
  readonly at: string;
  readonly children: ReactNode;
}

/** One broken panel does not take the studio with it: it says what failed and can be tried again. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | undefined; readonly at: string }> {
  override state = { error: undefined as Error | undefined, at: this.props.at };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  static getDerivedStateFromProps(
    props: Props,
    state: { readonly at: string },
  ): { readonly error?: undefined; readonly at: string } | undefined {
    return props.at === state.at ? undefined : { error: undefined, at: props.at };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Failure message={error.message} onRetry={() => this.setState({ error: undefined })} />;
  }
}
