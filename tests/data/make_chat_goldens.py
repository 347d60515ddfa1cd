#!/usr/bin/env python3
"""What transformers renders of chat templates: tests/data/chat.json.

Templates in the styles of published models (their markers and their use of Jinja; written for this test), each with conversations; and
small pieces of the language, each rendered by the environment that transformers sets up.
Needs: pip install transformers==5.24.0 jinja2==3.1.6
"""
import json
from pathlib import Path

import jinja2
import transformers
from transformers.utils import chat_template_utils

user = {"role": "user", "content": "What is 2 + 2?"}
answer = {"role": "assistant", "content": "  It is 4. \n"}
system = {"role": "system", "content": "Be brief."}
again = {"role": "user", "content": "Sure? It's \"important\" – naïve\ncheck."}
conversations = {
    "one": [user], "system": [system, user], "turns": [user, answer, again], "all": [system, user, answer, again],
    "answered": [user, answer], "wrong order": [user, user], "late system": [user, system, again], "tool": [user, {"role": "tool", "content": "5"}],
    "empty": [{"role": "user", "content": ""}], "thought": [user, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nFour."}, again],
}

styles = {
"chatml": ({}, """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""),
"smollm2": ({"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}, """{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helper.<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""),
"llama2": ({"bos_token": "<s>", "eos_token": "</s>"}, """{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate user/assistant') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\n' + system_message + '\n<</SYS>>\n\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"""),
"llama3": ({"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"}, """{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"""),
"llama3.1": ({"bos_token": "<|begin_of_text|>"}, """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not tools_in_user_message is defined %}
    {%- set tools_in_user_message = true %}
{%- endif %}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- The system text goes first, whether it is given or not. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{%- if builtin_tools is defined or tools is not none %}
    {{- "Environment: ipython\n" }}
{%- endif %}
{{- "Cutting Knowledge Date: December 2023\n" }}
{{- "Today Date: " + date_string + "\n\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\n\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("One call at a time") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\n\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}
"""),
"mistral": ({"bos_token": "<s>", "eos_token": "</s>"}, """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
            {{- raise_exception("roles must alternate user/assistant/...") }}
        {%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\n\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported, with one system message first: " + user_messages|length|string) }}
    {%- endif %}
{%- endfor %}
"""),
"gemma": ({"bos_token": "<bos>"}, """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '

' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '

' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '
' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>
' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model
'}}
{%- endif -%}
"""),
"qwen2.5": ({}, """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "<|im_end|>\\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nYou are a helper.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' }}{{- tool_call.name }}{{- '", "arguments": ' }}{{- tool_call.arguments | tojson }}{{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}{{- message.content }}{{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""),
"qwen3": ({}, """{%- if messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}"""),
"phi3": ({"eos_token": "<|endoftext|>"}, """{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"""),
"zephyr": ({"eos_token": "</s>"}, """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>
' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>
' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>
'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}"""),
"alpaca": ({"bos_token": "<s>", "eos_token": "</s>"}, """{{ bos_token }}{% set names = {'user': 'Instruction', 'assistant': 'Response'} %}
{% for message in messages %}
  {% if message.role == 'system' %}
{{ message.content | trim }}

  {% elif message.role in names %}
### {{ names[message.role] }}:
{{ message.content | trim }}{{ eos_token if message.role == 'assistant' }}

  {% else %}
    {{ raise_exception('no role ' ~ message.role | upper) }}
  {% endif %}
{% endfor %}
{%+ if add_generation_prompt %}
### {{ names.assistant }}:
{% endif %}
"""),
"falcon": ({"eos_token": "<|endoftext|>"}, """{% for message in messages %}{% if not loop.first %}{{ '\n' }}{% endif %}{% if message['role'] == 'system' %}{{ 'System: ' + message['content'] }}{% elif message['role'] == 'user' %}{{ 'User: ' + message['content'] }}{% elif message['role'] == 'assistant' %}{{ 'Falcon: ' + message['content'].strip().replace('\r\n', '\n').replace('\n\n', '\n') }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '\n' + 'Falcon:' }}{% endif %}"""),
"command-r": ({"bos_token": "<BOS_TOKEN>"}, """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% elif false == true %}{% set loop_messages = messages %}{% set system_message = 'A default.' %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% if system_message != false %}{{ '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>' + system_message + '<|END_OF_TURN_TOKEN|>' }}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% set content = message['content'] %}{% if message['role'] == 'user' %}{{ '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>' + content.strip() + '<|END_OF_TURN_TOKEN|>' }}{% elif message['role'] == 'assistant' %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'  + content.strip() + '<|END_OF_TURN_TOKEN|>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{% endif %}"""),
"macros": ({"bos_token": "<s>"}, """{%- macro turn(message, open='<', close='>') -%}
  {%- set kind = message.role|title -%}
  {{ open }}{{ kind }}{{ close }} {% generation %}{{ message.content|trim }}{% endgeneration %}
{%- endmacro -%}
{%- for message in messages if message.role != 'tool' -%}
  {{ turn(message, close=']') if loop.index is even else turn(message) }}{{ loop.cycle('a', 'b') }}{{ '|' if not loop.last }}
{%- else -%}
  nothing
{%- endfor -%}
{%- if add_generation_prompt %}{{ turn({'role': 'assistant', 'content': ''}) }}{% endif -%}"""),
}

pieces = [
    "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }} {{ 1 + 2 * 3 - 4 }} {{ -2 | abs }} {{ 1.0 }} {{ 1e20 }} {{ 3.5 // 1 }}",
    "{{ none }} {{ true }} {{ False }} {{ [1, 'a', \"it's\", none] }} {{ {'a': 1, 'b': [2.5]} }} {{ (1,) }} {{ () }} {{ nothing }}|",
    "{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 2 }} {{ [1] * 3 }} {{ [1] + [2] }} {{ 'x' 'y' }}",
    "{{ 'abcdef'[1:3] }} {{ 'abcdef'[::-1] }} {{ 'äöü'[1] }} {{ [1,2,3][-1] }} {{ [1,2,3][5] }}| {{ [1,2,3,4][::2] }} {{ [1,2,3,4][-2:] }} {{ [1,2,3,4][:-5] }} {{ 'abc'[5:] }}| {{ [1,2,3][2:0:-1] }}",
    "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' in 'abc' }} {{ 'z' not in ['a'] }} {{ 'k' in {'k': 1} }} {{ 1 == 1.0 }} {{ 'a' == 1 }} {{ [1, 2] == [1, 2] }} {{ not 1 == 2 }} {{ 'a' < 'b' }} {{ 'x' in nothing }}",
    "{{ 'a' if false }}| {{ 'a' if true else 'b' }} {{ 1 or 2 }} {{ 0 or 'x' }} {{ 1 and 2 }} {{ '' and 2 }}| {{ 'b' if nothing else 'c' }}",
    "{{ 'Hello World' | upper }} {{ 'ABC' | lower }} {{ 'hello wORLD' | title }} {{ 'hello wORLD' | capitalize }} {{ 'straße' | upper }} {{ '  x ' | trim }}| {{ 'xxaxx' | trim('x') }}",
    "{{ [1,2,3] | length }} {{ 'äb' | length }} {{ {'a':1} | count }} {{ [1,2] | first }} {{ [1,2] | last }} {{ [] | first }}| {{ 'abc' | list }} {{ [3,1,2] | sort }} {{ ['b','A','c'] | sort }} {{ [3,1,2] | sort(reverse=true) }}",
    "{{ nothing | default('d') }} {{ '' | default('d') }}| {{ '' | default('d', true) }} {{ none | d('x', boolean=true) }} {{ nothing | length }}",
    "{{ ['a','b'] | join(', ') }} {{ [1, 2] | join }} {{ [{'n': 'x'}, {'n': 'y'}] | join('+', attribute='n') }} {{ 'abc' | join('-') }}",
    "{{ {'a': 1, 'b': ['x', none, true, 1.5], 'c': {'ä': '\"\\n\\t'}} | tojson }} {{ [] | tojson }} {{ {} | tojson(indent=2) }} {{ {'b': [1, {'c': 2}], 'a': []} | tojson(indent=2, sort_keys=true) }} {{ 'é\\u0001' | tojson }}",
    "{{ 'a-b-c' | replace('-', '+') }} {{ 'aaa' | replace('a', 'b', 2) }} {{ 'abc' | replace('', '.') }} {{ 'aXbX'.replace('X', '') }}",
    "{% for k, v in {'a': 1, 'b': 2} | items %}{{ k }}={{ v }};{% endfor %}{% for k, v in {'b': 1, 'a': 2}.items() %}{{ k }}={{ v }};{% endfor %}{% for k, v in {'b': 1, 'a': 2} | dictsort %}{{ k }}{{ v }}{% endfor %}{% for k in {'b': 1} %}{{ k }}{% endfor %}",
    "{{ [{'r': 'a', 'v': 1}, {'r': 'b'}] | selectattr('r', 'equalto', 'a') | list | length }} {{ [{'r': 'a', 'v': 1}, {'r': 'b'}] | selectattr('v', 'defined') | map(attribute='r') | join }} {{ [{'r': 'a', 'v': 1}, {'r': 'b'}] | rejectattr('v', 'defined') | map(attribute='r') | list }} {{ [1,2,3,4] | select('even') | list }} {{ [1,0,2] | reject('eq', 0) | list }} {{ ['a','b'] | map('upper') | join }} {{ [{'x': {'y': 3}}] | map(attribute='x.y') | first }}",
    "{{ 1 is defined }} {{ x is defined }} {{ none is none }} {{ 'a' is string }} {{ {} is mapping }} {{ [] is iterable }} {{ [] is sequence }} {{ 1 is number }} {{ true is boolean }} {{ 2 is even }} {{ 3 is odd }} {{ 6 is divisibleby 3 }} {{ 1 is not none }} {{ 'a' is in ['a'] }} {{ 1 is eq 1 }} {{ 2 is gt 1 }} {{ 1.5 is float }} {{ 1 is integer }} {{ true is true }} {{ false is false }} {{ 'ab' is lower }} {{ x is undefined }}",
    "{{ ' a '.strip() }}|{{ 'xxa'.lstrip('x') }}|{{ 'a  '.rstrip() }}|{{ 'a,b,c'.split(',') }}|{{ ' a  b '.split() }}|{{ 'a,b,c'.split(',', 1) }}|{{ 'a,b,c'.rsplit(',', 1) }}|{{ 'a\\nb\\r\\nc'.splitlines() }}|{{ 'abc'.find('c') }}|{{ 'abc'.startswith('ab') }}|{{ 'abc'.endswith(('x', 'c')) }}|{{ 'a b'.title() }}|{{ 'aXa'.count('a') }}|{{ '12'.isdigit() }}|{{ 'prefix'.removeprefix('pre') }}|{{ ','.join(['a', 'b']) }}|{{ 'é'.upper() }}",
    "{% set ns = namespace(n=0, found=false) %}{% for i in range(5) %}{% if i == 3 %}{% set ns.found = true %}{% break %}{% endif %}{% if i == 1 %}{% continue %}{% endif %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }} {{ ns.found }} {{ ns.none }}|",
    "{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + 10 %}{{ x }} {% endfor %}{{ x }}{% if true %}{% set x = 5 %}{% endif %} {{ x }}",
    "{% for i in [1, 2, 3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem is defined }} {% endfor %}{% for i in [] %}x{% else %}none{% endfor %}{% for i in [1, 2, 3, 4] if i is even %}{{ i }}{{ loop.length }}{% endfor %}",
    "{% for a in [1, 2] %}{% for b in 'xy' %}{{ a }}{{ b }}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}{% for a, b in [(1, 2), [3, 4]] %}{{ a + b }} {% endfor %}{% for a in nothing %}x{% endfor %}",
    "{% macro f(a, b=2, c='z') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1) }} {{ f(1, c='y') }} {{ f() }} {{ f('<b>', 3, 4) | length }}{% set q = f(9) %}{{ q }}",
    "{% set g = 1 %}{% macro f() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ f() }}{% macro r(n) %}{{ n }}{% if n > 0 %}{{ r(n - 1) }}{% endif %}{% endmacro %}{{ r(5) }}",
    "{% set x %}block {{ 1 + 1 }}{% endset %}{{ x }}|{% set y | upper | trim %} up {% endset %}{{ y }}|{% set a, b = 1, 'two' %}{{ a }}{{ b }}",
    "a\n  {% if true %}\n  b\n  {% endif %}\nc\n   {{ 1 }}\n  {# comment #}\nd {% if true %}e{% endif %}\n\n",
    "  {%- if true -%}  x  {%- endif -%}  y  {{- 1 -}}  z  {#- c -#}  w\n",
    "  {%+ if true %}\n keep {% endif +%}\n next",
    "\n{% if true %}\r\n x\r\n{% endif %}",
    "{{ {'a': {'b': [{'c': 'deep'}]}}.a.b[0]['c'] }} {{ {'a': 1}.get('a') }} {{ {'a': 1}.get('z') }} {{ {'a': 1}.get('z', 9) }} {{ {'a': 1}.missing }}| {{ {'items': 5}['items'] }} {{ [[1, 2], [3]].0.1 }} {{ {'a': 1}.keys() | list }} {{ {'a': 1}.values() | list }}",
    "{{ range(3) | list }} {{ range(1, 4) | list }} {{ range(5, 0, -2) | list }} {{ dict(a=1, b='x') }} {{ '7' | int + 1 }} {{ 'x' | int(5) }} {{ '2.5' | float }} {{ 3.9 | int }} {{ 5 | string + '!' }} {{ [1, 2, 3] | sum }} {{ [1, 3, 2] | max }} {{ [2, 1] | min }} {{ [1, 2, 1] | unique | list }} {{ 'abc' | reverse }} {{ [1, 2] | reverse | list }}",
    "{{ 'a\\nb\\n\\nc' | indent }}|{{ 'a\\nb' | indent(2, true) }}|{{ 'a\\n\\nb' | indent(1, blank=true) }}",
    "{{ '\\x41\\u00e9\\101\\'\\q' }} {{ \"tab\\there\" }} {{ 1_000 }} {{ {'a': '}}'}.a }} {{ '%}' }}",
    "{{ 'x' is string and 1 is number or false }} {{ not false and true }} {{ (1, 2) | length }} {{ 1 in (1, 2) }} {{ 'a' + 'b' | upper }} {{ ('a' + 'b') | upper }} {{ -1 ** 2 }} {{ 2 ** 3 ** 2 }} {{ 10 - 4 - 3 }} {{ 'a' ~ 'b' + 'c' }}",
    "{{ 'ok' if messages[0].content is defined and messages[0]['role'] != 'system' else 'no' }} {{ messages | length }} {{ messages | map(attribute='role') | join(',') }} {{ messages[1:] }} {{ tools }} {{ documents is none }} {{ add_generation_prompt }}",
    "a {% raw %}{{ x }}{% y %}{# z #}{% endraw %} b\n  {%- raw -%}  x {%- endraw -%} \n c\n  {% raw %}\n q\n  {% endraw %}\n{%+ raw %} d {%+ endraw +%}\ne",
    "{{ '%s' | format('a') }} {{ '%-6s|%6s|%.2s' | format('ab', none, 'xyz') }} {{ '%d %5d %-5d| %05d %+d %x %#X %o %.4d' | format(7, -7, 7, 7, 7, 255, 255, 8, 7) }} {{ '%f %.2f %8.3e %g %g' | format(1, 2.345, 12345.678, 1e-7, 100000) }} {{ '%r %s%%' | format('a', [1, 'b']) }}",
    "{{ '%s and %s' % ('a', 2) }} {{ '%s' % 'x' }} {{ '%(b)s-%(a)03d' % {'a': 5, 'b': 'q'} }} {{ '%s' % [1] }} {{ '100%%' % () }}",
    "{{ '<{}>'.format('a') }} {{ '{} {}'.format(1, none) }} {{ '{1}{0}{n}'.format('a', 'b', n='c') }} {{ '{{}}{}'.format(1) }} {{ '{:d}|{:5}|{:<5}|{:^5}|{:>5}|{:*^7}|{:05d}|{:+d}|{:,}|{:x}|{:#b}'.format(7, 7, 7, 7, 7, 'ab', -7, 7, 1234567, 255, 5) }} {{ '{:.2f} {:8.3f} {:.1%} {:e} {:g} {:.3} {} {:.2}'.format(1.5, 2.25, 0.125, 12345.678, 0.0001, 3.0, 1e20, 'abc') }} {{ '{0.a} {0[a]} {1[0]} {x!r}'.format({'a': 1}, ['z'], x='q') }}",
    "{% set m = {1: 'a', 'x': 2, none: 3} %}{{ m }} {{ m[1] }} {{ m.get(none) }} {{ 1 in m }} {{ '1' in m }} {{ 5 in m }} {{ m | list }} {{ m | tojson }} {% for k, v in {512: 'b', 0: 'a', 16: 'c'} | dictsort %}{{ k + 1 }}{{ v }} {% endfor %}{{ {2: 1, 10: 0} | tojson(sort_keys=true) }}",
    "{{ 'é☃😀\\x7f\\n' | tojson(ensure_ascii=true) }} {{ {'b': [1, {}], 'a': []} | tojson(separators=(',', ':')) }} {{ {'b': [1]} | tojson(indent=1, separators=['; ', '=']) }} {{ [1] | tojson(indent='\\t') }} {{ [[]] | tojson(indent=0) }}",
    "{{ 'a'|safe + '<b>' }} {{ '<' + ('>'|safe) + '\"' }} {{ ('a'|safe) ~ '<' }} {{ 'x<' + 'y&' }}{% set a = '<p>'|safe %}{{ a + \"it's & <i>\" + a }}",
    "{{ none | selectattr('a') | list }} {{ none | map(attribute='a') | list }} {{ none | reject('odd') | list | length }} {{ 0 | select | list }}",
    "{{ 'a-b-c'.partition('-') }} {{ 'a-b-c'.rpartition('-') }} {{ 'abc'.partition('-') }} {{ 'abc'.rpartition('-') }} {{ '-7'.zfill(4) }}|{{ 'ab'.ljust(4, '*') }}|{{ 'ab'.rjust(4) }}|{{ 'ab'.center(5, '.') }}|{{ 'a'.center(4) }}|",
    "{% if false %}{{ 1 | nofilter }}{{ 1 is notest }}{% endif %}{{ 2 if true else 1 | nofilter }}",
    # wrong ones
    "{{ nothing.x }}", "{{ 1 + 'a' }}", "{{ raise_exception('no') }}", "{% if %}", "{% for x in %}{% endfor %}", "{{ 1 }", "{% endif %}", "{% if true %}", "{{ 'a }}", "{{ [].append(1) }}", "{{ 1 / 0 }}", "{{ nothing() }}",
    "{% set x.y = 1 %}", "{{ range(200000) | length }}", "{{ '%s %s' | format(1) }}", "{{ '%d' | format('a') }}", "{{ 'a' | format(1) }}", "{{ '{}'.format() }}", "{{ '{a}'.format(1) }}", "{{ {[1]: 2} }}", "{% raw %}a", "{{ '%x' % 1.5 }}", "{{ [1] | nofilter }}", "{{ 1 is notest }}", "{% for x in 5 %}{% endfor %}", "{{ 5 | length }}", "{{ 'a' < 1 }}", "{{ none.x.y }}", "{{ f(a b) }}", "{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}",
]


def rendered(source, **variables):
    try:
        return {"text": chat_template_utils._compile_jinja_template(source).render(**variables)}
    except (jinja2.exceptions.TemplateError, TypeError, ValueError, LookupError, ZeroDivisionError, OverflowError) as problem:
        return {"error": str(problem)}


out = {"transformers": transformers.__version__, "jinja2": jinja2.__version__, "conversations": conversations, "styles": [], "pieces": []}
for name, (variables, source) in styles.items():
    cases = [{"messages": key, "answering": answering, **rendered(source, messages=messages, tools=None, documents=None, add_generation_prompt=answering, **variables)}
             for key, messages in conversations.items() for answering in (True, False)]
    out["styles"].append({"name": name, "source": source, "variables": variables, "cases": cases})
for source in pieces:
    out["pieces"].append({"source": source, **rendered(source, messages=[user, answer], tools=None, documents=None, add_generation_prompt=True)})
target = Path(__file__).parent / "chat.json"
target.write_text(json.dumps(out, ensure_ascii=True, indent=0) + "\n")
print(len(out["styles"]), "styles", sum("error" in c for s in out["styles"] for c in s["cases"]), "refused", len(pieces), "pieces")
for piece in out["pieces"]:
    print(repr(piece["source"])[:60], "->", piece.get("error") or repr(piece["text"])[:80])
