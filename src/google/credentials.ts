// Access tokens for the API calls. Imports Google's auth library at the first use; never logs what it holds.

import type { AuthClient } from 'google-auth-library';
import type { Credential } from '../backend.ts';
import { ServalError } from '../errors.ts';

export interface Credentials {
  /** Authorization (and quota project) headers; fetches a token where none is valid. Rejects with the library's error. */
  headers(): Promise<Record<string, string>>;
  /**
   * Google refused these headers: forgets their token so that the next `headers` has another, unless that has happened
   * already; false where there is no other to be had.
   */
  renew(refused: Record<string, string>): boolean;
  /** What is known of the account, once `headers` was called; nothing is asked for it. */
  account(): Account;
}

export interface Account {
  /** Its address, where it is a service account. */
  readonly serviceAccount?: string;
  /** Which files Drive lists under the scopes that were granted; absent where they are not known. */
  readonly reach?: 'own' | 'all';
}

const SCOPE = 'https://www.googleapis.com/auth/';
/**
 * Values, structure and comments of any spreadsheet shared with the account; files this server creates; names of the
 * files it may see, for search. The narrowest set that serves the tools but those of sharing.
 */
const SCOPES = ['spreadsheets', 'drive.file', 'drive.metadata.readonly'];
/** Sharing and exporting what others have created takes the whole of Drive: Google has no narrower scope for it. */
const SHARING_SCOPES = ['spreadsheets', 'drive'];
/** Scopes under which Drive lists files that others have created. */
const LISTS_ALL = ['drive', 'drive.readonly', 'drive.metadata', 'drive.metadata.readonly'];

/** The embedded backend asks for no credential. */
export const noCredentials: Credentials = {
  headers: async () => ({}),
  renew: () => false,
  account: () => ({ reach: 'all' }),
};

/**
 * Nothing is read or sent before the first `headers()`. `fetch` reaches the token endpoint; `sharing`: the tools of
 * sharing are offered.
 */
export function createCredentials(
  credential: Credential,
  fetch: typeof globalThis.fetch,
  sharing = false,
): Credentials {
  if (credential.kind === 'access_token') {
    const headers = { authorization: `Bearer ${credential.accessToken}` };
    // What such a token was granted only its maker knows.
    return { headers: async () => headers, renew: () => false, account: () => ({}) };
  }
  const scopes = (sharing ? SHARING_SCOPES : SCOPES).map((scope) => `${SCOPE}${scope}`);
  let client: Promise<AuthClient> | undefined;
  let settled: AuthClient | undefined;
  return {
    async headers() {
      client ??= open(credential, fetch, scopes);
      try {
        settled = await client;
      } catch (error) {
        client = undefined; // a missing file may be there at the next try
        throw error;
      }
      const headers = Object.fromEntries(await settled.getRequestHeaders());
      if (/^Bearer (?!undefined$|null$)\S+$/.test(headers.authorization ?? '')) return headers;
      // A captive portal or a broken proxy in front of the token endpoint answers 200 with something else.
      throw new ServalError('unavailable', "Google's token endpoint answered without a token.", {
        service: 'google_oauth',
        outcome: 'none',
      });
    },
    renew(refused) {
      if (settled === undefined) return false;
      const { access_token, refresh_token } = settled.credentials;
      if (refused.authorization !== `Bearer ${access_token}`) return true;
      settled.credentials = { ...(refresh_token != null && { refresh_token }), expiry_date: 1 };
      return true;
    },
    account: () => (settled === undefined ? {} : accountOf(settled)),
  };
}

/** A client that signs for itself was granted what it asked for, or has no token; others are told by the endpoint. */
function accountOf(client: AuthClient): Account {
  const address = 'email' in client && typeof client.email === 'string' ? client.email : undefined;
  const asked = 'scopes' in client && Array.isArray(client.scopes) ? client.scopes.map(String) : undefined;
  const granted = client.credentials.scope?.split(' ') ?? (address === undefined ? undefined : asked);
  return {
    ...(address !== undefined && { serviceAccount: address }),
    ...(granted && { reach: LISTS_ALL.some((scope) => granted.includes(`${SCOPE}${scope}`)) ? 'all' : 'own' }),
  };
}

async function open(
  credential: Credential,
  fetch: typeof globalThis.fetch,
  scopes: readonly string[],
): Promise<AuthClient> {
  const { GoogleAuth, JWT, gaxios } = await import('google-auth-library');
  const transporter = new gaxios.Gaxios({ fetchImplementation: fetch });
  // The library repeats a failed token request three times whatever its options say; one attempt here is one request.
  transporter.interceptors.request.add({
    resolved: async (request) => {
      request.retry = false;
      delete request.retryConfig;
      return request;
    },
  });
  if (credential.kind === 'service_account') {
    const { client_email: email, private_key: key } = credential.key;
    return new JWT({ email, key, scopes: [...scopes], transporter });
  }
  return new GoogleAuth({ scopes: [...scopes], clientOptions: { transporter } }).getClient();
}
