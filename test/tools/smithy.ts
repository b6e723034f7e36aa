/** A small API in Smithy's form, to be spoilt one trait at a time. */
import type { SmithyModel } from '../../tools/api-model/smithy.ts'

export const SMALL_API: SmithyModel = {
  shapes: {
    'com.example#Service': { type: 'service' },
    'com.example#Greet': {
      type: 'operation',
      input: { target: 'com.example#GreetRequest' },
      output: { target: 'com.example#GreetResponse' },
      errors: [{ target: 'com.example#RudeException' }, { target: 'com.example#BusyException' }],
    },
    'com.example#Forget': {
      type: 'operation',
      input: { target: 'com.example#ForgetRequest' },
      output: { target: 'smithy.api#Unit' },
      errors: [],
    },
    'com.example#ForgetRequest': { type: 'structure', members: {} },
    'com.example#GreetRequest': {
      type: 'structure',
      members: {
        Name: { target: 'com.example#Name', traits: { 'smithy.api#required': {} } },
        Titles: { target: 'com.example#Titles', traits: { 'smithy.api#deprecated': {} } },
        Origin: { target: 'com.example#Place' },
        Notes: { target: 'com.example#Notes' },
      },
    },
    'com.example#GreetResponse': { type: 'structure', members: { Mood: { target: 'com.example#Mood' } } },
    'com.example#Place': { type: 'structure', members: { Height: { target: 'com.example#Height' } } },
    'com.example#Name': {
      type: 'string',
      traits: { 'smithy.api#length': { min: 1 }, 'smithy.api#pattern': '^a b$', 'smithy.api#sensitive': {} },
    },
    'com.example#Titles': {
      type: 'list',
      member: { target: 'com.example#Title' },
      traits: { 'smithy.api#length': { max: 3 } },
    },
    'com.example#Title': { type: 'string' },
    'com.example#Notes': { type: 'map', key: { target: 'com.example#Title' }, value: { target: 'com.example#Title' } },
    'com.example#Height': { type: 'integer', traits: { 'smithy.api#range': { min: 0, max: 9 } } },
    'com.example#Mood': {
      type: 'enum',
      members: { GOOD: { target: 'smithy.api#Unit', traits: { 'smithy.api#enumValue': 'GOOD' } } },
    },
    'com.example#RudeException': { type: 'structure', traits: { 'smithy.api#error': 'client' }, members: {} },
    'com.example#BusyException': { type: 'structure', traits: { 'smithy.api#error': 'server' }, members: {} },
  },
}
