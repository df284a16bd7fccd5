import { auth0 } from './auth0.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { clerk } from './clerk.ts';
import { descope } from './descope.ts';
import { discord } from './discord.ts';
import { github } from './github.ts';
import { google } from './google.ts';
import { huggingface } from './huggingface.ts';
import { keycloak } from './keycloak.ts';
import { oci } from './oci.ts';
import { okta } from './okta.ts';
import type { Preset } from './preset.ts';
import { propelauth } from './propelauth.ts';
import { scalekit } from './scalekit.ts';
import { supabase } from './supabase.ts';
import { workos } from './workos.ts';

/** Every provider that is known by name. */
export const PRESETS: readonly Preset[] = [
  auth0,
  aws,
  azure,
  clerk,
  descope,
  discord,
  github,
  google,
  huggingface,
  keycloak,
  oci,
  okta,
  propelauth,
  scalekit,
  supabase,
  workos,
];

export function presetNamed(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id);
}
