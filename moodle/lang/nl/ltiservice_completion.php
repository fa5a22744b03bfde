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
 * Dutch strings of the LTI completion service.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['completeintool'] = 'Afronden in {$a}';
$string['donotuse'] = 'Gebruik deze dienst niet';
$string['pluginname'] = 'LTI-voltooiingsdienst';
$string['privacy:metadata'] = 'De LTI-voltooiingsdienst bewaart geen persoonsgegevens. Wat een tool meldt, staat bij de activiteitvoltooiing van Moodle zelf.';
$string['service'] = 'Voltooiingsdienst';
$string['service_help'] = 'Met deze dienst kan de tool melden dat iemand een activiteit van die tool heeft afgerond: dát het af is, nooit een score. Een tool die er niet om vraagt, krijgt de dienst niet.';
$string['use'] = 'Gebruik deze dienst als de tool erom vraagt';
