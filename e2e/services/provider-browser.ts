import {
  type BrowserFetch,
  type BrowserStep,
  formRequest,
  ScriptedBrowser,
} from '../clients/scripted-browser.ts';

/** What a person enters on a page, by field; `undefined` on pages that are not a form of the provider. */
export type FillIn = (html: string) => Readonly<Record<string, string>> | undefined;

/** Pages of one login, wrong passwords included. */
const MAX_PAGES = 6;

/** A browser whose person has an account at a real provider: fills in its pages as they come, and leaves ours to `walk`. */
export class ProviderBrowser extends ScriptedBrowser {
  readonly #fillIn: FillIn;
  /** How many pages of the provider were filled in. */
  filled = 0;

  constructor(fillIn: FillIn, browserFetch?: BrowserFetch) {
    super(browserFetch);
    this.#fillIn = fillIn;
  }

  override async request(url: string, init: RequestInit = {}): Promise<BrowserStep> {
    let step = await super.request(url, init);
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const fields = this.#fillIn(step.html);
      if (!fields) return step;
      this.filled += 1;
      const [target, form] = formRequest(step, {});
      for (const [name, value] of Object.entries(fields)) (form.body as URLSearchParams).set(name, value);
      step = await super.request(target, form);
    }
    return step;
  }
}
