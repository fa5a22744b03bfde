<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * English strings of the LTI completion service.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['completeintool'] = 'Finish it in {$a}';
$string['donotuse'] = 'Do not use this service';
$string['pluginname'] = 'LTI completion service';
$string['privacy:metadata'] = 'The LTI completion service keeps no personal data. What a tool reports is kept with Moodle\'s own activity completion.';
$string['service'] = 'Completion service';
$string['service_help'] = 'With this service the tool can report that a person has finished one of its own activities: that it is done, never a score. Tools that do not ask for it do not get it.';
$string['use'] = 'Use this service if the tool asks for it';
